"""Lets Keras itself run networks that were exported: python3 keras_cases.py FOLDER, with a case in each of its folders.

A case holds model.keras, input.npy (float32 [N, C, ...], channels first) and expected.npy, what the network puts out.
Prints one JSON object a case: the largest difference in parts of the largest output. Needs the packages keras (3.15 was
tried) and torch, tensorflow or jax as its backend (KERAS_BACKEND).
"""

import json
import pathlib
import sys

import keras
import numpy

for folder in sorted(pathlib.Path(sys.argv[1]).iterdir()):
    try:
        model = keras.saving.load_model(folder / "model.keras", compile=False)
        images = numpy.moveaxis(numpy.load(folder / "input.npy"), 1, -1)
        expected = numpy.load(folder / "expected.npy")
        got = numpy.asarray(model.predict_on_batch(images))
        result = {"output": float(abs(got - expected).max() / max(abs(expected).max(), 1e-30))}
    except Exception as error:  # one broken case must not hide the others
        result = {"error": f"{type(error).__name__}: {error}"[:300]}
    print(json.dumps({"case": folder.name, **result}), flush=True)
