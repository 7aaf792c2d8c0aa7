"""Lets Keras itself run a network that was exported: python3 keras_model.py NETWORK.keras INPUT.npy OUTPUT.npy.

INPUT is float32 [N, C, ...], channels first as `predict --logits` takes it; OUTPUT is what the model gives. Needs the Python
packages keras (3.15 was tried) and torch, tensorflow or jax as its backend (KERAS_BACKEND).
"""

import sys

import keras
import numpy

network, given, gives = sys.argv[1:]
model = keras.saving.load_model(network, compile=False)
images = numpy.moveaxis(numpy.load(given), 1, -1)
numpy.save(gives, model.predict(images, verbose=0))
print(f"{network}: {model.count_params()} parameters, output {model.output_shape}")
