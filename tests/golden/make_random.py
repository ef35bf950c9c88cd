"""Writes random.json and random.bin: networks drawn from the whole catalogue, and what PyTorch computes for them.

Run with any Python that has torch and numpy: `python tests/golden/make_random.py [seed] [networks]`; the committed files
have the defaults. read-random.ts reads them.

Each holds a document, how its weights and pictures start (make_golden.py's formula), the logits in evaluation mode, the
loss and gradients of one batch in training mode with every dropout rate at 0, and BatchNorm's statistics after it. As in
make_golden.py the oracle is float64, and a network on which float32 strays from it is drawn again.
"""

import collections
import copy
import json
import pathlib
import random
import sys

import numpy as np
import torch

from draw import draw
from make_golden import AGREEMENT, VANISHING, Store, disagreement, formula, initial_specs

FOLDER = pathlib.Path(__file__).parent
SEED = 7
NETWORKS = 72
PICTURES = 6
# Larger tensors are stored as this many samples and a sum; see make_golden.py.
SAMPLES = 64


def images_of(size, seed):
    """uint8 NHWC."""
    spec = {"shape": [PICTURES, *size], "seed": seed, "low": 0, "high": 256}
    return np.floor(formula(spec).astype(np.float64)).clip(0, 255).astype(np.uint8)


def results_of(model, specs, images, dtype):
    """Every result as a numpy array by name."""
    model = copy.deepcopy(model).to(dtype)
    model.load_state_dict({spec["name"]: torch.from_numpy(formula(spec)) for spec in specs}, strict=False)
    x = ((torch.from_numpy(images).double().permute(0, 3, 1, 2).contiguous() / 255 - 0.5) / 0.5).to(dtype)
    results = {}
    with torch.no_grad():
        results["logits"] = model.eval()(x)
    model.train()
    for module in model.modules():
        if isinstance(module, (torch.nn.Dropout, torch.nn.Dropout2d)):
            module.p = 0
    logits = model(x)
    loss = torch.nn.functional.cross_entropy(logits, torch.arange(PICTURES) % logits.shape[1])
    loss.backward()
    results["loss"] = loss
    for name, parameter in model.named_parameters():
        results[f"gradient/{name}"] = torch.zeros_like(parameter) if parameter.grad is None else parameter.grad
    for name, value in model.named_buffers():
        if name.endswith(("running_mean", "running_var")):
            results[f"statistic/{name}"] = value
    return {name: value.detach().numpy() for name, value in results.items()}


def is_telling(exact):
    """Whether most weights have a gradient, and none a tiny one: sums that cancel out are rounding noise in float32."""
    if not all(np.isfinite(value).all() for value in exact.values()):
        return False
    gradients = [np.abs(value).max() for name, value in exact.items() if name.startswith("gradient/")]
    alive = [size for size in gradients if size > VANISHING]
    if len(alive) < 0.6 * len(gradients) or np.abs(exact["logits"]).max() > 1e3:
        return False
    return min(alive) > 1e-3 * max(alive)


def main(seed=SEED, networks=NETWORKS):
    rng = random.Random(int(seed))
    used = collections.Counter()
    store = Store(SAMPLES)
    cases = []
    refused = 0
    while len(cases) < int(networks):
        counted = used.copy()
        model = draw(rng, counted)
        number = len(cases) + 1
        specs = initial_specs(model, 1 + 100 * (number + refused))
        p = model.nodes[0]["params"]
        size, seed = (p["height"], p["width"], p["channels"]), 7_000_000 + number
        images = images_of(size, seed)
        try:
            exact = results_of(model, specs, images, torch.float64)
            rounded = results_of(model, specs, images, torch.float32)
        # BatchNorm refuses a single value per channel.
        except ValueError:
            refused += 1
            continue
        if not is_telling(exact) or disagreement(exact, rounded)[0] > AGREEMENT:
            refused += 1
            continue
        used = counted
        store.index = {}
        for name, value in exact.items():
            store.add(name, value)
        cases.append({
            "network": {"format": "convscope.network", "version": 1, "name": f"Random {number}", "layers": model.nodes},
            "images": {"shape": [PICTURES, *size], "seed": seed, "low": 0, "high": 256},
            "initial": specs,
            "tensors": store.index,
        })
    document = {"torch": torch.__version__.split("+")[0], "samples": SAMPLES, "cases": cases}
    (FOLDER / "random.json").write_text(json.dumps(document, separators=(",", ":")) + "\n")
    (FOLDER / "random.bin").write_bytes(b"".join(store.parts))
    print(f"{len(cases)} networks, {refused} drawn again")
    print(*(f"{count} {kind}" for kind, count in sorted(used.items(), key=lambda item: item[1])), sep=", ")


if __name__ == "__main__":
    main(*sys.argv[1:])
