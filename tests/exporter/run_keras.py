"""Loads case0.keras, case1.keras, ... from a folder and runs each on the pictures of case0.bin, ..."""

import os
import sys

os.environ["KERAS_BACKEND"] = "torch"

import keras
import numpy as np

folder, count = sys.argv[1], int(sys.argv[2])
for index in range(count):
    base = f"{folder}/case{index}"
    model = keras.saving.load_model(f"{base}.keras")
    pictures = np.fromfile(f"{base}.bin", dtype="<f4").reshape(-1, *model.input_shape[1:])
    outputs = np.asarray(model.predict(pictures, verbose=0))
    outputs.astype("<f4").tofile(f"{base}.out")
    with open(f"{base}.names", "w") as names:
        names.write("\n".join(layer.name for layer in model.layers))
