"""Writes a model as Keras 2 saved whole models: python3 legacy_h5.py FOLDER FILE.h5

FOLDER holds a layers model of TensorFlow.js (model.json and its weights). The layout follows Keras 2: the configuration
as JSON in the attribute model_config, and a group for each layer below model_weights with its weights by name.
"""

import json
import pathlib
import sys

import h5py
import numpy

folder, target = pathlib.Path(sys.argv[1]), sys.argv[2]
model = json.loads((folder / "model.json").read_text())
[group] = model["weightsManifest"]
values = numpy.frombuffer(b"".join((folder / path).read_bytes() for path in group["paths"]), dtype="<f4")
layers, at = {}, 0
for entry in group["weights"]:
    size = int(numpy.prod(entry["shape"]))
    layer, name = entry["name"].split("/")
    layers.setdefault(layer, {})[f"{layer}/{name}:0"] = values[at : at + size].reshape(entry["shape"])
    at += size
names = [layer["name"] for layer in model["modelTopology"]["config"]["layers"]]
with h5py.File(target, "w") as file:
    file.attrs["keras_version"] = "2.15.0"
    file.attrs["backend"] = "tensorflow"
    file.attrs["model_config"] = json.dumps({"class_name": "Functional", "config": model["modelTopology"]["config"]})
    root = file.create_group("model_weights")
    root.attrs["layer_names"] = [name.encode() for name in names]
    for name in names:
        own = root.create_group(name)
        own.attrs["weight_names"] = [weight.encode() for weight in layers.get(name, {})]
        for weight, data in layers.get(name, {}).items():
            own.create_dataset(weight, data=data)
