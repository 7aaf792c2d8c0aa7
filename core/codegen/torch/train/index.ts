import type { Head } from '../../../layers/kind.ts'
import type { Recipe } from '../../../network/schema.ts'
import type { TorchGraph } from '../graph.ts'
import { prose, quoted } from '../python.ts'
import { augmentSource } from './augment.ts'
import { DATA_SOURCE } from './data.ts'
import { LOOP_SOURCE } from './loop.ts'
import { patienceOf, scheduleSource } from './schedule.ts'

/** What a training script is written from. */
export interface TrainingPlan {
  readonly graph: TorchGraph
  readonly recipe: Recipe
  readonly seed: number
  /** Names of the classes, where they are known. */
  readonly classes: readonly string[] | null
  readonly input: {
    readonly fit: 'pad' | 'resize'
    readonly normalization: 'zero-one' | 'lenet' | 'standardize'
    readonly mean?: readonly number[]
    readonly std?: readonly number[]
  }
}

/**
 * `train.py`: trains the `model.py` beside it by the recipe, from the weights beside it, under `python` or, on several
 * GPUs or machines, under `torchrun` with DistributedDataParallel. Needs nothing but torch (and Pillow for images).
 */
export function trainSource(plan: TrainingPlan): string {
  const { recipe } = plan
  const augment = augmentSource(recipe.augment)
  const parts = [
    header(plan),
    scheduleSource(recipe),
    optimizerSource(recipe),
    lossSource(plan),
    DATA_SOURCE,
    ...(augment === null ? [] : [augment]),
    LOOP_SOURCE.replace('{{augment}}', augment === null ? 'images' : 'augment(images)'),
  ]
  return parts.join('\n\n')
}

const list = (values: readonly (string | number)[] | null | undefined): string =>
  values ? `[${values.map((v) => (typeof v === 'string' ? quoted(v) : String(v))).join(', ')}]` : 'None'

function header({ graph, recipe, seed, classes, input }: TrainingPlan): string {
  const { momentum = 0, weightDecay = 0, clip, average } = recipe
  return `"""Trains ${prose(graph.name)} (model.py beside this file) by its recipe, written by Layerloom.

    python train.py --data cifar10:PATH
    torchrun --nproc_per_node 4 train.py --data folder:PATH

The batch size is that of all processes together. Weights start from weights.safetensors beside this file unless
--weights says otherwise (--weights none: fresh ones); they are saved as trained.safetensors, which Layerloom and
load_weights of model.py read.
"""

import argparse
import ctypes
import gzip
import json
import math
import os
import pathlib
import struct
import time

import torch
import torch.distributed as dist
import torch.nn.functional as F
from torch import nn

from model import build_model, load_weights, read_safetensors

HERE = pathlib.Path(__file__).resolve().parent

INPUT = (${graph.input.join(', ')})
OUTPUTS = ${graph.classes}
CLASSES = ${list(classes)}
FIT = ${quoted(input.fit)}
NORMALIZATION = ${quoted(input.normalization)}
MEAN, STD = ${list(input.mean)}, ${list(input.std)}

BATCH = ${recipe.batch}
EPOCHS = ${recipe.epochs}
LEARNING_RATE = ${recipe.learningRate}
MOMENTUM = ${momentum}
WEIGHT_DECAY = ${weightDecay}
CLIP = ${clip ?? 'None'}
AVERAGE = ${average ?? 'None'}
PATIENCE = ${patienceOf(recipe) ?? 'None'}
SEED = ${seed}
`
}

function optimizerSource(recipe: Recipe): string {
  const { optimizer, nesterov = false, beta1 = 0.9, beta2 = 0.999, smoothing = 0.99, epsilon = 1e-8 } = recipe
  const call = {
    sgd: `torch.optim.SGD(groups, lr, momentum=MOMENTUM${nesterov ? ', nesterov=True' : ''})`,
    adam: `torch.optim.Adam(groups, lr, betas=(${beta1}, ${beta2}), eps=${epsilon})`,
    adamw: `torch.optim.AdamW(groups, lr, betas=(${beta1}, ${beta2}), eps=${epsilon})`,
    rmsprop: `torch.optim.RMSprop(groups, lr, alpha=${smoothing}, eps=${epsilon}, momentum=MOMENTUM)`,
  }[optimizer]
  return `def make_optimizer(model, lr):
    """Weight decay goes for the weights of layers, not for biases and norms."""
    norms = (nn.modules.batchnorm._NormBase, nn.GroupNorm, nn.LayerNorm)
    decaying, others = [], []
    for module in model.modules():
        for weight in module.parameters(recurse=False):
            keep = isinstance(module, norms) or weight.dim() < 2
            (others if keep else decaying).append(weight)
    groups = [{"params": decaying, "weight_decay": WEIGHT_DECAY}, {"params": others, "weight_decay": 0.0}]
    return ${call}
`
}

function lossSource({ graph, recipe }: TrainingPlan): string {
  const outputs = [graph.output, ...graph.auxiliaries]
  const heads = [...new Set(outputs.map(({ head }) => head))]
  const weights = outputs.map(({ weight }) => weight)
  const one = (head: Head) => `    ${lossOf(head, recipe)}\n`
  const functions = heads.map(
    (head, i) => `def ${lossName(i)}(logits, labels):
${one(head)}`,
  )
  const named = outputs.map(({ head }) => lossName(heads.indexOf(head)))
  const body =
    outputs.length === 1
      ? `    return ${named[0]}(outputs, labels)
`
      : `    if not isinstance(outputs, tuple):
        return ${named[0]}(outputs, labels)
    # what the network's own output and the auxiliary ones count for
    weights = [${weights.join(', ')}]
    losses = [${named.map((name, i) => `${name}(outputs[${i}], labels)`).join(', ')}]
    return sum(weight * loss for weight, loss in zip(weights, losses))
`
  return `${functions.join('\n\n')}

def loss_of(outputs, labels):
    """Mean over the batch."""
${body}`
}

const lossName = (i: number): string => (i === 0 ? 'output_loss' : `output_loss_${i + 1}`)

function lossOf(head: Head, { loss, labelSmoothing = 0, classWeights }: Recipe): string {
  if (loss === 'mean-squared-error') {
    const outputs =
      head === 'distances' ? '-logits' : head === 'probabilities' ? 'logits.softmax(1)' : 'logits'
    return `return F.mse_loss(${outputs}, F.one_hot(labels, OUTPUTS).to(logits.dtype))`
  }
  if (head === 'distances' && loss === undefined) {
    return `# LeNet-5's criterion: a class more, "none of them", at the distance 10
    return F.cross_entropy(F.pad(logits, (0, 1), value=-10.0), labels)`
  }
  const weights = classWeights ? `, weight=torch.tensor(${list(classWeights)}, device=logits.device)` : ''
  const smoothing = labelSmoothing > 0 ? `, label_smoothing=${labelSmoothing}` : ''
  return `return F.cross_entropy(logits, labels${weights}${smoothing})`
}
