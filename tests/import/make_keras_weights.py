"""A Keras model with random weights, as most are written: make_keras_weights.py. Its arrays and its logits go into data/."""

import json
import os
import pathlib

os.environ["KERAS_BACKEND"] = "torch"

import keras
import numpy as np
from keras import layers

data = pathlib.Path(__file__).parent / "data"
keras.utils.set_random_seed(1)
model = keras.Sequential(
    [
        keras.Input((8, 8, 1)),
        layers.Conv2D(4, 3, use_bias=False),
        layers.BatchNormalization(epsilon=1e-5),
        layers.ReLU(),
        layers.DepthwiseConv2D(3, padding="same"),
        layers.Conv2D(6, 1),
        layers.ReLU(),
        layers.MaxPooling2D(2),
        layers.Flatten(),
        layers.Dense(54, activation="relu"),
        layers.Dense(10),
    ]
)
random = np.random.default_rng(2)
for weight in model.weights:
    values = random.normal(0, 0.5, weight.shape)
    weight.assign(np.abs(values) + 0.5 if "variance" in weight.path else values)
np.savez_compressed(data / "keras.npz", **{weight.path: weight.numpy() for weight in model.weights})
pictures = random.uniform(-1, 1, (3, 8, 8, 1)).astype("float32")
logits = keras.ops.convert_to_numpy(model(pictures, training=False))
content = {"names": [w.path for w in model.weights], "pictures": pictures.ravel().tolist(), "logits": logits.ravel().tolist()}
(data / "keras-logits.json").write_text(json.dumps(content))
print(content["names"])
