"""Proves that PyTorch and Convscope read each other's weights and mean the same by them, on the reference network.

  python electron/cli/testing/compare_with_pytorch.py FOLDER [ENGINE]   (torch, numpy, safetensors; out/cli must be built)

Uses the newest run of the reference network in CONVSCOPE_HOME. FOLDER gets the files that are exchanged.
"""

import os
import pathlib
import subprocess
import sys

import numpy
import torch
from safetensors.torch import load_file, save_file

folder = pathlib.Path(sys.argv[1])
engine = sys.argv[2] if len(sys.argv) > 2 else "auto"
built = pathlib.Path(__file__).parents[3] / "out/cli/convscope.mjs"
program = os.environ.get("CONVSCOPE_PROGRAM", built)


def convscope(*args):
    subprocess.run(["node", str(program), *map(str, args)], check=True)


def reference():
    parts = {
        "conv1": torch.nn.Conv2d(1, 25, 3),
        "bn1": torch.nn.BatchNorm2d(25),
        "relu1": torch.nn.ReLU(),
        "pool1": torch.nn.MaxPool2d(2, 2),
        "conv2": torch.nn.Conv2d(25, 50, 3),
        "bn2": torch.nn.BatchNorm2d(50),
        "relu2": torch.nn.ReLU(),
        "pool2": torch.nn.MaxPool2d(2, 2),
        "flatten": torch.nn.Flatten(),
        "fc1": torch.nn.Linear(1250, 1024),
        "relu3": torch.nn.ReLU(),
        "fc2": torch.nn.Linear(1024, 128),
        "relu4": torch.nn.ReLU(),
        "fc3": torch.nn.Linear(128, 10),
    }
    network = torch.nn.Sequential()
    for name, part in parts.items():
        network.add_module(name, part)
    return network


def logits(network, pictures):
    network.eval()
    with torch.no_grad():
        return network(torch.from_numpy(pictures).permute(0, 3, 1, 2)).numpy()


def compare(what, ours, theirs):
    difference = numpy.abs(ours - theirs).max() / numpy.abs(theirs).max()
    print(f"{what}: {ours.shape}, largest difference {difference:.1e} of the largest logit")
    assert ours.shape == theirs.shape and difference < 1e-5, what


folder.mkdir(parents=True, exist_ok=True)
pictures = numpy.random.default_rng(0).uniform(-1, 1, (300, 28, 28, 1)).astype("float32")
numpy.save(folder / "X.npy", pictures)

convscope("export", "last", "--format", "safetensors", "--output", folder / "ours.safetensors")
network = reference()
print("PyTorch says:", network.load_state_dict(load_file(folder / "ours.safetensors"), strict=True))
options = ["--input", folder / "X.npy", "--output", folder / "Y.npy", "--engine", engine]
convscope("predict", "last", *options)
compare("our weights in PyTorch", numpy.load(folder / "Y.npy"), logits(network, pictures))

torch.manual_seed(1)
network = reference()
for name, buffer in network.named_buffers():
    if name.endswith("running_mean"):
        buffer.normal_()
    if name.endswith("running_var"):
        buffer.uniform_(0.5, 2)
save_file(network.state_dict(), folder / "theirs.safetensors")
convscope("predict", "reference", "--weights", folder / "theirs.safetensors", *options)
compare("PyTorch's weights in ours", numpy.load(folder / "Y.npy"), logits(network, pictures))
