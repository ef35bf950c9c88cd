"""Writes the files that the format tests read: python shared/formats/testing/make_fixtures.py (torch, numpy, safetensors)."""

import json
import pathlib

import numpy
import torch
from safetensors.torch import save_file

here = pathlib.Path(__file__).parent / "fixtures"
here.mkdir(exist_ok=True)
expected = {}


def plain(value):
    # JSON has no infinities.
    return value if numpy.isfinite(value) else "Infinity" if value > 0 else "-Infinity"


def note(name, array):
    array = numpy.asarray(array, dtype="float32")
    expected[name] = {"shape": list(array.shape), "values": [plain(v) for v in array.ravel().tolist()]}


torch.manual_seed(0)
network = torch.nn.Sequential()
network.add_module("conv1", torch.nn.Conv2d(1, 2, 3))
network.add_module("bn1", torch.nn.BatchNorm2d(2))
network.add_module("fc1", torch.nn.Linear(8, 3))
state = network.state_dict()
save_file(state, here / "torch.safetensors", metadata={"made_by": "torch"})
for name, tensor in state.items():
    note(f"torch.safetensors/{name}", tensor.numpy())

types = {
    "half": torch.tensor([[0.0, -0.0, 1.5], [-2.25, 6.1035e-05, 5.9605e-08]], dtype=torch.float16),
    "half_limits": torch.tensor([65504.0, float("inf"), float("-inf")], dtype=torch.float16),
    "brain": torch.tensor([1.0, -3.140625, 1e30, 1e-30], dtype=torch.bfloat16),
    "double": torch.tensor([0.1, -1e-300, 123456789.123], dtype=torch.float64),
    "long": torch.tensor([0, -5, 1000003], dtype=torch.int64),
    "scalar": torch.tensor(7, dtype=torch.int64),
    "empty": torch.zeros(0, 4),
}
save_file(types, here / "types.safetensors")
for name, tensor in types.items():
    note(f"types.safetensors/{name}", tensor.float().numpy())
save_file({"flags": torch.tensor([True, False])}, here / "bool.safetensors")

arrays = {
    "f4": numpy.arange(24, dtype="<f4").reshape(2, 3, 4, 1) / 7,
    "f8": numpy.array([[0.1, -2.5], [1e-3, 3.0]]),
    "u1": numpy.array([0, 1, 255], dtype="u1"),
    "i8": numpy.array([[1, -2, 3000000]], dtype="<i8"),
    "scalar": numpy.array(2.5, dtype="<f4"),
}
for name, array in arrays.items():
    numpy.save(here / f"{name}.npy", array)
    note(f"{name}.npy", array)
for version in [(2, 0), (3, 0)]:
    with open(here / f"version{version[0]}.npy", "wb") as file:
        numpy.lib.format.write_array(file, arrays["f4"], version=version)
    note(f"version{version[0]}.npy", arrays["f4"])
numpy.save(here / "fortran.npy", numpy.asfortranarray(arrays["f8"]))
numpy.save(here / "complex.npy", numpy.array([1j]))
numpy.save(here / "records.npy", numpy.array([(1, 2.0)], dtype=[("a", "i4"), ("b", "f4")]))

(here / "expected.json").write_text(json.dumps(expected, indent=1) + "\n")
