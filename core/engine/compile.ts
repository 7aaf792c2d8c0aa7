import type { Tensor } from '../layers/builder.ts'
import type { Head } from '../layers/kind.ts'
import type { NetworkDocument } from '../network/schema.ts'
import { text } from '../network/text.ts'
import { appendGradients } from './autodiff.ts'
import { EngineError } from './error.ts'
import type { LossConfig, ParameterLayout, ParameterSlot, StepConfig } from './executor.ts'
import { layoutOfNetwork } from './layout.ts'
import { lossOf } from './losses/index.ts'
import { type Network, type NetworkLayer, readNetwork } from './network.ts'
import { softmax } from './ops/softmax.ts'
import { clipFactor } from './optimizers/clip.ts'
import { optimizerFrom, type StepRate } from './optimizers/index.ts'
import type { Optimizer } from './optimizers/optimizer.ts'
import { Program } from './program.ts'

/** A program made from a network, and what its inputs and outputs mean. */
export interface Compiled {
  readonly program: Program
  readonly layout: ParameterLayout
  readonly batch: number
  readonly classes: number
  readonly inputShape: readonly number[]
}

/** A program with a loss in it. */
export interface LossProgram extends Compiled {
  /** Its figures are in the targets that a batch is given with, see `batchFeeds`. */
  readonly loss: LossConfig
}

/** Scalar inputs of a step, by name; those of the optimizer among them. */
type Rates = Readonly<Partial<Record<StepRate, Tensor>>> & Readonly<Record<string, Tensor>>

/**
 * A whole training step. Inputs: `images`, `targets` (a row of shares of the loss for each sample), `weights` (the
 * trainable part), `fixed` (the rest, when there is any), `state.*`, `rate.*` (every figure of the optimizer, see
 * `optimizerFrom`), the keys of the random streams and, when a layer takes means over the batch, `shares`. Outputs:
 * `loss`, `logits`, `next.weights`, `next.*` for the state and `next.fixed` when layers average into weights that are
 * not trained.
 */
export interface TrainingProgram extends LossProgram {
  readonly optimizer: Optimizer
}

/** A training step without the update. Its outputs tell where a number is not finite, see `compileDiagnosis`. */
export interface DiagnosisProgram extends LossProgram {
  /** Names of the layers that `outputs` has a number for, in the order they run. */
  readonly outputs: readonly string[]
  /** Names of the layers that `gradients` has a number for, in the order their gradients come about. */
  readonly gradients: readonly string[]
}

interface Forward {
  readonly logits: Tensor
  /** Of the auxiliary outputs, in the network's order; empty in evaluation. */
  readonly sides: readonly Tensor[]
  /** Output of every layer, by its id. */
  readonly outputs: ReadonlyMap<string, Tensor>
}

/**
 * The training step of a network: forward, loss, backward and optimizer.
 * @throws EngineError for a network that is not sound, a batch below 1 or a network with nothing to train
 */
export function compileTraining(document: NetworkDocument, config: StepConfig): TrainingProgram {
  const start = beginTraining(document, config.batch, config.loss)
  const { program, layout, loss, slots } = start
  const trained = layout.slots.filter((slot) => slot.trainable)
  const gradients = appendGradients(
    program,
    loss,
    trained.map((slot) => slots.get(slot.name)!),
  )
  const optimizer = optimizerFrom(config)
  const rates: Rates = Object.fromEntries(
    Object.keys(optimizer.rates(0, 0)).map((name) => [name, program.input(`rate.${name}`, [])]),
  )
  const factor = rates.clip ? clipFactor(program, gradients, rates.clip) : null
  const flat = (slot: ParameterSlot, tensor: Tensor) => program.reshape(tensor, [slot.size])
  const parts = trained.map((slot, i) =>
    flat(slot, factor ? program.mul(gradients[i]!, factor) : gradients[i]!),
  )
  const decaying = () => {
    const none = program.constant([0], [1])
    const weights = trained.map((slot) =>
      slot.decay ? flat(slot, slots.get(slot.name)!) : program.expand(none, [slot.size]),
    )
    return program.concat(weights, 0)
  }
  const gradient = program.concat(parts, 0)
  // over all weights at once: an addition for each would be thousands of nodes in a deep network
  const decayed = rates.l2 ? program.add(gradient, program.mul(decaying(), rates.l2)) : gradient
  appendUpdate(program, optimizer, rates, layout, decayed, decaying)
  appendAverages(program, layout, slots)
  return { ...start.compiled, optimizer }
}

/**
 * Evaluation of a network. Inputs: `images`, `weights` and, when there are any, `fixed`; output: `logits`.
 * @throws EngineError for a network that is not sound or a batch below 1
 */
export function compileInference(document: NetworkDocument, batch: number): Compiled {
  const network = readNetwork(document)
  const program = new Program()
  const layout = layoutOfNetwork(network)
  const slots = flatSlots(program, layout, evaluated(network, layout))
  const { logits } = appendForward(program, network, batch, slots, false)
  program.output('logits', logits)
  return describe(program, network, layout, batch)
}

/**
 * Evaluation of a network with an input for each weight, named as in weight files. Inputs: `input` and the weights;
 * output: `logits`.
 */
export function compileForExport(document: NetworkDocument, batch: number): Compiled {
  const network = readNetwork(document)
  const program = new Program()
  const layout = layoutOfNetwork(network)
  const slots = new Map(
    evaluated(network, layout).map((slot) => [slot.name, program.input(slot.name, slot.shape)]),
  )
  const { logits } = appendForward(program, network, batch, slots, false, 'input')
  program.output('logits', logits)
  return describe(program, network, layout, batch)
}

/**
 * The forward and backward part of a step, with a number for each layer that is 0 when all elements of its output
 * (`outputs`) or of its weights' gradients (`gradients`) are finite and NaN otherwise.
 */
export function compileDiagnosis(
  document: NetworkDocument,
  batch: number,
  lossConfig: LossConfig = {},
): DiagnosisProgram {
  const { program, network, layout, loss, slots, forward, compiled } = beginTraining(
    document,
    batch,
    lossConfig,
  )
  const trained = layout.slots.filter((slot) => slot.trainable).reverse()
  const gradients = appendGradients(
    program,
    loss,
    trained.map((slot) => slots.get(slot.name)!),
  )
  // 0 * x is NaN for infinities and NaN
  const sign = (tensor: Tensor) => {
    const zero = program.sum(
      program.affine(tensor, 0),
      tensor.shape.map((_, axis) => axis),
    )
    return program.reshape(zero, [1])
  }
  const names = new Map(network.layers.map((layer) => [layer.id, layer.name]))
  program.output(
    'outputs',
    program.concat(
      network.layers.map((layer) => sign(forward.outputs.get(layer.id)!)),
      0,
    ),
  )
  program.output('gradients', program.concat(gradients.map(sign), 0))
  return {
    ...compiled,
    outputs: [...names.values()],
    gradients: trained.map((slot) => names.get(slot.layer)!),
  }
}

/** What is looked at inside a network, see `compileLook`. */
export interface LookPlan {
  /** Ids of the layers whose outputs are wanted. */
  readonly layers: readonly string[]
  /** Id of the layer that the gradient of a class is wanted for. */
  readonly cause?: string
}

/**
 * Evaluation of a network with a look inside: outputs `layer.<id>` beside `logits`. With `cause`, also its output as
 * `cause` and, as `gradient`, that of the logits weighed by the input `targets` [batch, classes], which is what
 * Grad-CAM is made of (Selvaraju et al. 2017). Other inputs as in `compileInference`.
 * @throws EngineError for a network that is not sound
 */
export function compileLook(document: NetworkDocument, batch: number, { layers, cause }: LookPlan): Compiled {
  const network = readNetwork(document)
  const program = new Program()
  const layout = layoutOfNetwork(network)
  const slots = flatSlots(program, layout, evaluated(network, layout))
  const { logits, outputs } = appendForward(program, network, batch, slots, false)
  program.output('logits', logits)
  for (const id of layers) program.output(`layer.${id}`, outputs.get(id)!)
  const caused = cause === undefined ? undefined : outputs.get(cause)
  if (caused !== undefined) {
    const targets = program.input('targets', [batch, network.classes])
    const chosen = program.sum(program.mul(logits, targets), [0, 1])
    const [gradient] = appendGradients(program, chosen, [caused])
    program.output('cause', caused)
    program.output('gradient', gradient!)
  }
  return describe(program, network, layout, batch)
}

/** Everything of a training step up to the loss. */
function beginTraining(document: NetworkDocument, batch: number, lossConfig: LossConfig = {}) {
  const network = readNetwork(document)
  const layout = layoutOfNetwork(network)
  if (layout.trainable === 0)
    throw new EngineError(
      'nothing-to-train',
      text('The network has no trainable weights.', '네트워크에 학습할 가중치가 없습니다.'),
    )
  const program = new Program()
  const slots = flatSlots(program, layout)
  const forward = appendForward(program, network, batch, slots, true)
  const targets = program.input('targets', [batch, network.classes])
  const main = lossOf(network.head, lossConfig)(program, forward.logits, targets)
  const loss = network.auxiliaries.reduce((sum, { head, weight }, i) => {
    const side = lossOf(head, lossConfig)(program, forward.sides[i]!, targets)
    return program.add(sum, program.affine(side, weight))
  }, main)
  program.output('loss', loss)
  program.output('logits', forward.logits)
  return {
    program,
    network,
    layout,
    slots,
    forward,
    loss,
    compiled: { ...describe(program, network, layout, batch), loss: lossConfig },
  }
}

function describe(program: Program, network: Network, layout: ParameterLayout, batch: number): Compiled {
  return { program, layout, batch, classes: network.classes, inputShape: network.inputShape }
}

/** The weights that evaluation reads. */
function evaluated(network: Network, layout: ParameterLayout): readonly ParameterSlot[] {
  const left = new Set(network.layers.filter((layer) => layer.auxiliary).map((layer) => layer.id))
  return layout.slots.filter((slot) => !left.has(slot.layer))
}

/** Each weight as a view of the two flat inputs. */
function flatSlots(
  program: Program,
  layout: ParameterLayout,
  wanted: readonly ParameterSlot[] = layout.slots,
): Map<string, Tensor> {
  const fixed = layout.size - layout.trainable
  const trainable = layout.trainable > 0 ? program.input('weights', [layout.trainable]) : null
  const rest = fixed > 0 ? program.input('fixed', [fixed]) : null
  const view = (slot: ParameterSlot): Tensor => {
    const begin = slot.trainable ? slot.offset : slot.offset - layout.trainable
    const piece = program.slice((slot.trainable ? trainable : rest)!, 0, begin, begin + slot.size)
    return program.reshape(piece, slot.shape)
  }
  return new Map(wanted.map((slot) => [slot.name, view(slot)]))
}

function appendForward(
  program: Program,
  network: Network,
  batch: number,
  slots: ReadonlyMap<string, Tensor>,
  training: boolean,
  inputName = 'images',
): Forward {
  if (!Number.isInteger(batch) || batch < 1) {
    throw new EngineError('bad-batch', `The batch size must be a whole number from 1; it is ${batch}.`)
  }
  const images = program.input(inputName, [batch, ...network.inputShape])
  const outputs = new Map<string, Tensor>()
  for (const [stream, layer] of network.layers.entries()) {
    if (layer.auxiliary && !training) continue
    const inputs = layer.inputs.length === 0 ? [images] : layer.inputs.map((id) => outputs.get(id)!)
    const weights = Object.fromEntries(
      layer.weights.map(({ name }) => [name, slots.get(`${layer.name}.${name}`)!]),
    )
    outputs.set(layer.id, runLayer(program, layer, inputs, weights, { training, stream }))
  }
  const sides = training ? network.auxiliaries : []
  return {
    logits: logitsOf(program, network.head, outputs.get(network.output)!),
    sides: sides.map(({ layer, head }) => logitsOf(program, head, outputs.get(layer)!)),
    outputs,
  }
}

function runLayer(
  program: Program,
  layer: NetworkLayer,
  inputs: readonly Tensor[],
  weights: Readonly<Record<string, Tensor>>,
  mode: { training: boolean; stream: number },
): Tensor {
  try {
    return layer.kind.forward(program, layer.params, inputs, weights, mode)
  } catch (error) {
    if (error instanceof RangeError) throw new EngineError('invalid-layer', `${layer.name}: ${error.message}`)
    throw error
  }
}

/** The numbers that softmax takes, from what the last layer puts out. */
function logitsOf(program: Program, head: Head, output: Tensor): Tensor {
  if (head === 'distances') return program.affine(output, -1)
  if (head === 'logits') return output
  const last = program.operations.find((op) => op.output.id === output.id)
  return last?.primitive.name === softmax.name ? last.inputs[0]! : program.log(output)
}

function appendUpdate(
  program: Program,
  optimizer: Optimizer,
  rates: Rates,
  layout: ParameterLayout,
  gradient: Tensor,
  decaying: () => Tensor,
): void {
  const state = Object.fromEntries(
    optimizer.state.map((name) => [name, program.input(`state.${name}`, [layout.trainable])]),
  )
  const next = optimizer.update(program, program.inputs.get('weights')!, gradient, state, rates, decaying)
  program.output('next.weights', next.weights)
  for (const name of optimizer.state) program.output(`next.${name}`, next.state[name]!)
}

/** Weights that are not trained and lie side by side, with what is averaged into them; `share` is 0 where nothing is. */
interface FixedRun {
  readonly begin: number
  end: number
  readonly share: number
  readonly values: Tensor[]
}

/**
 * The part of the parameters that is not trained, as it is after the step, if a layer averages anything into it: all
 * neighbours of the same share at once, as a few nodes for each would be thousands in a deep network.
 */
function appendAverages(program: Program, layout: ParameterLayout, slots: ReadonlyMap<string, Tensor>): void {
  if (program.averages.length === 0) return
  const averages = new Map(program.averages.map((average) => [average.weight.id, average]))
  const runs: FixedRun[] = []
  for (const slot of layout.slots.filter(({ trainable }) => !trainable)) {
    const weight = slots.get(slot.name)!
    const { share, value } = averages.get(weight.id) ?? { share: 0, value: null }
    averages.delete(weight.id)
    const begin = slot.offset - layout.trainable
    const last = runs.at(-1)
    const run = last?.share === share ? last : { begin, end: begin, share, values: [] }
    if (run !== last) runs.push(run)
    run.end = begin + slot.size
    if (value && share > 0) run.values.push(program.reshape(value, [slot.size]))
  }
  if (averages.size > 0) {
    throw new EngineError(
      'bad-average',
      'A layer averages into what is not a weight of it that is not trained.',
    )
  }
  const parts = runs.map(({ begin, end, share, values }) => {
    const before = program.slice(program.inputs.get('fixed')!, 0, begin, end)
    if (values.length === 0) return before
    return program.add(program.affine(before, 1 - share), program.affine(program.concat(values, 0), share))
  })
  program.output('next.fixed', program.concat(parts, 0))
}
