"""Writes keras3.json (Keras 3) or keras2.json (the package tf_keras): make_keras.py keras|tf_keras"""

import importlib
import json
import pathlib
import sys

package = sys.argv[1]
keras = importlib.import_module(package)
layers = keras.layers
inputs = keras.Input((20, 18, 3), name="image")
x = layers.Conv2D(8, 3, strides=2, padding="same", activation="relu", name="conv-one")(inputs)
x = layers.BatchNormalization(name="bn")(x)
x = skip = layers.DepthwiseConv2D(3, padding="same", depth_multiplier=2, name="depthwise")(x)
x = layers.SeparableConv2D(16, (3, 2), use_bias=False, padding="same", name="separable")(x)
x = layers.LeakyReLU(0.3, name="leaky")(x)
x = layers.Add(name="sum")([x, skip])
x = layers.MaxPooling2D(2, name="pool")(x)
x = layers.Conv2DTranspose(6, 2, strides=2, name="up")(x)
x = layers.UpSampling2D((1, 2), interpolation="bilinear", name="bigger")(x)
x = layers.ZeroPadding2D(((1, 0), (2, 1)), name="pad")(x)
x = layers.PReLU(shared_axes=[1, 2], name="prelu")(x)
x = layers.SpatialDropout2D(0.1, name="drop")(x)
gate = layers.GlobalAveragePooling2D(name="mean")(x)
gate = layers.Dense(6, activation="sigmoid", name="gate")(gate)
gate = layers.Reshape((1, 1, 6), name="factor")(gate)
x = layers.Multiply(name="scaled")([x, gate])
x = layers.Flatten(name="flatten")(x)
x = layers.Dense(10, activation="softmax", name="classes")(x)
model = keras.Model(inputs, x, name="both_versions")
target = pathlib.Path(__file__).with_name("keras3.json" if package == "keras" else "keras2.json")
target.write_text(json.dumps(json.loads(model.to_json()), separators=(",", ":")) + "\n")
print(model.count_params(), model.output_shape)
