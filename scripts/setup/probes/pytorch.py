"""Uses PyTorch, Keras on PyTorch, and safetensors, in a process of its own: a bad library ends the process."""

import os
import sys

os.environ["KERAS_BACKEND"] = "torch"
os.environ["CUDA_VISIBLE_DEVICES"] = ""
# Where Keras keeps its settings: not in the home folder.
os.environ["KERAS_HOME"] = sys.prefix

import keras
import numpy as np
import torch
from safetensors.numpy import load, save

picture = torch.ones(1, 1, 4, 4, requires_grad=True)
torch.nn.functional.conv2d(picture, torch.ones(1, 1, 3, 3)).sum().backward()
if picture.grad.max() != 4:
    raise SystemExit(f"a gradient is wrong: {picture.grad}")

weight = torch.nn.Parameter(torch.ones(2))
optimizer = torch.optim.Adam([weight], lr=0.5)
weight.sum().backward()
optimizer.step()
if not torch.allclose(weight, torch.tensor(0.5)):
    raise SystemExit(f"a step of Adam is wrong: {weight}")

model = keras.Sequential([keras.Input((4, 4, 1)), keras.layers.Conv2D(1, 3, kernel_initializer="ones")])
if not np.allclose(keras.ops.convert_to_numpy(model(np.ones((1, 4, 4, 1), "float32"))), 9):
    raise SystemExit("a convolution of Keras is wrong")

if load(save({"a": np.arange(3)}))["a"][2] != 2:
    raise SystemExit("safetensors gives other numbers than it got")

print(f"version {torch.__version__.split('+')[0]} and {keras.__version__}")
