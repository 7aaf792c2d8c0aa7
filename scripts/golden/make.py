"""Makes the golden files of test/golden/data with PyTorch (1.13 or later): python3 scripts/golden/make.py [name ...]

Names pick layer kinds and training runs; without any, all are made. The same script gives the same bytes on one
machine. To add a layer, write a function that lists its cases and add it below; to add a network, see networks.py
and the runs in training_run.py; whole networks are in deep_networks.py and deep_runs.py.
"""

import json
import pathlib
import sys

import torch
import torchvision

import augment
import deep_runs
import layers_activation as activation
import layers_conv as conv
import layers_dense as dense
import layers_join as join
import layers_norm as norm
import layers_pool as pool
import losses
import safetensors_file
import schedules
import training_run

DATA = pathlib.Path(__file__).parents[2] / "test" / "golden" / "data"

LAYERS = {
    "add": join.add,
    "auxiliary": dense.auxiliary,
    "avgpool1d": pool.avgpool1d,
    "avgpool2d": pool.avgpool2d,
    "avgpool3d": pool.avgpool3d,
    "batchnorm": norm.batchnorm,
    "channel-dropout": activation.channel_dropout,
    "channel-shuffle": join.channel_shuffle,
    "concat": join.concat,
    "conv1d": conv.conv1d,
    "conv2d": conv.conv2d,
    "conv3d": conv.conv3d,
    "dense": dense.dense,
    "depthwise-conv2d": conv.depthwise_conv2d,
    "dropout": activation.dropout,
    "elu": activation.elu,
    "flatten": dense.flatten,
    "gelu": activation.gelu,
    "global-avgpool": pool.global_avgpool,
    "global-maxpool": pool.global_maxpool,
    "groupnorm": norm.groupnorm,
    "instancenorm": norm.instancenorm,
    "layernorm": norm.layernorm,
    "leaky-relu": activation.leaky_relu,
    "lrn": norm.lrn,
    "maxpool1d": pool.maxpool1d,
    "maxpool2d": pool.maxpool2d,
    "maxpool3d": pool.maxpool3d,
    "multiply": join.multiply,
    "pad2d": join.pad2d,
    "partial-conv2d": conv.partial_conv2d,
    "permute": join.permute,
    "rbf": dense.rbf,
    "relu": activation.relu,
    "reshape": join.reshape,
    "scaled-tanh": activation.scaled_tanh,
    "sigmoid": activation.sigmoid,
    "silu": activation.silu,
    "slice": join.slice_channels,
    "softmax": activation.softmax,
    "stochastic-depth": activation.stochastic_depth,
    "subsampling": pool.subsampling,
    "tanh": activation.tanh,
    "transposed-conv2d": conv.transposed_conv2d,
    "upsample": join.upsample,
    "zero-pad-shortcut": join.zero_pad_shortcut,
}


def make_layer(kind):
    cases, tensors = [], {}
    for case, arrays in LAYERS[kind]():
        cases.append(case)
        tensors |= arrays
    path = DATA / "layers" / f"{kind}.safetensors"
    safetensors_file.write(path, tensors, {"torch": torch.__version__, "cases": json.dumps(cases)})
    print(f"{path.name}: {len(cases)} cases, {path.stat().st_size} bytes")


def make_losses():
    losses.check_digit_map()
    cases, arrays = losses.cases()
    metadata = {"torch": torch.__version__, "rejection": str(losses.REJECTION), "cases": json.dumps(cases)}
    safetensors_file.write(DATA / "losses.safetensors", arrays, metadata)


def make_augment():
    described, arrays = augment.cases()
    metadata = {"torchvision": torchvision.__version__, "image": json.dumps(described)}
    safetensors_file.write(DATA / "augment.safetensors", arrays, metadata)


def make_schedules():
    run, arrays = schedules.cases()
    metadata = {"torch": torch.__version__, "run": json.dumps(run)}
    safetensors_file.write(DATA / "schedules.safetensors", arrays, metadata)


def make_run(run):
    metadata, arrays, trace, apart = training_run.result(run)
    path = DATA / "training" / f"{run.name}.safetensors"
    safetensors_file.write(path, arrays, {"torch": torch.__version__} | metadata)
    print(f"{path.name}: {path.stat().st_size} bytes, float32 within {apart:.1e}, losses", *(f"{x:.4f}" for x in trace))


def make_deep_run(run):
    metadata, arrays, trace, (loss, weight) = deep_runs.result(run)
    path = DATA / "networks" / f"{run.name}.safetensors"
    safetensors_file.write(path, arrays, {"torch": torch.__version__} | metadata)
    print(f"{path.name}: {path.stat().st_size} bytes, float32 within {loss:.1e} (losses), {weight:.1e} (weights),", end=" ")
    print("losses", *(f"{x:.4f}" for x in trace))


if __name__ == "__main__":
    torch.set_num_threads(1)
    chosen = sys.argv[1:]
    for kind in LAYERS:
        if not chosen or kind in chosen:
            make_layer(kind)
    if not chosen or "losses" in chosen:
        make_losses()
    if not chosen or "augment" in chosen:
        make_augment()
    if not chosen or "schedules" in chosen:
        make_schedules()
    for run in training_run.RUNS:
        if not chosen or run.name in chosen:
            make_run(run)
    for run in deep_runs.RUNS:
        if not chosen or run.name in chosen:
            make_deep_run(run)
