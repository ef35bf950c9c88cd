"""Writes inside.json and inside.bin: what PyTorch finds inside the networks of cases.py and random.json, in evaluation mode.

Run with any Python that has torch and numpy: `python tests/golden/make_inside.py`. read-inside.ts reads the files.

Of each network, for two pictures: every layer's output; the gradient of one logit by the picture; for the last layer that
has height and width, the logit's gradient by that layer, the Grad-CAM map that follows from it (Selvaraju et al. 2017), and
the gradient of the mean of its first channel by the picture. As in make_golden.py the oracle is float64, and pictures on
which float32 strays from it (the largest of a window is not clear there) are drawn again.
"""

import json
import pathlib

import numpy as np
import torch

from cases import all_cases
from make_golden import AGREEMENT, Store, disagreement, formula, initial_specs
from modules import build

FOLDER = pathlib.Path(__file__).parent
PICTURES = 2
LOGIT = 1
# Larger tensors are stored as this many samples and a sum; see make_golden.py.
SAMPLES = 64


def documents():
    """Each network once; the cases differ in optimizer and loss, too."""
    found = {}
    for case in all_cases():
        found.setdefault(json.dumps(case["network"], sort_keys=True), (case["name"], case["network"]))
    yield from found.values()
    for case in json.loads((FOLDER / "random.json").read_text())["cases"]:
        yield case["network"]["name"], case["network"]


def images_of(size, seed):
    spec = {"shape": [PICTURES, *size], "seed": seed, "low": 0, "high": 256}
    return spec, np.floor(formula(spec).astype(np.float64)).clip(0, 255).astype(np.uint8)


def run_layers(model, x):
    """Every layer's output by its id, each with its gradient kept."""
    outputs = {}
    for node in model.nodes:
        given = [outputs[source] for source in node["inputs"]] or [x]
        # A layer that does nothing in evaluation would otherwise share its input's gradient.
        outputs[node["id"]] = model.get_submodule(node["id"])(*given).clone()
    return outputs


def results_of(document, specs, images, dtype):
    """Every result as a numpy array by name, and the layer that Grad-CAM looks at (None where none has height and width)."""
    model = build(document).to(dtype).eval()
    model.load_state_dict({spec["name"]: torch.from_numpy(formula(spec)) for spec in specs}, strict=False)
    x = ((torch.from_numpy(images).double().permute(0, 3, 1, 2).contiguous() / 255 - 0.5) / 0.5).to(dtype).requires_grad_()
    outputs = run_layers(model, x)
    logit = outputs[model.nodes[-1]["id"]][:, LOGIT].sum()
    results = {f"activation/{name}": value for name, value in outputs.items()}
    pictured = [node["id"] for node in model.nodes[1:] if outputs[node["id"]].dim() == 4]
    seen = pictured[-1] if pictured else None
    wanted = [x] if seen is None else [x, outputs[seen]]
    found = torch.autograd.grad(logit, wanted, retain_graph=True, allow_unused=True)
    by_input, *by_layer = [torch.zeros_like(y) if g is None else g for g, y in zip(found, wanted)]
    results["input_gradient"] = by_input
    if seen is not None:
        maps, (gradient,) = outputs[seen], by_layer
        weights = gradient.mean(dim=(2, 3), keepdim=True)
        results["layer_gradient"] = gradient
        results["grad_cam"] = torch.relu((weights * maps).sum(dim=1))
        unit = maps[:, 0].mean(dim=(1, 2)).sum()
        (by_unit,) = torch.autograd.grad(unit, x, retain_graph=True, allow_unused=True)
        results["unit_gradient"] = torch.zeros_like(x) if by_unit is None else by_unit
    return {name: value.detach().numpy() for name, value in results.items()}, seen


def main():
    store = Store(SAMPLES)
    cases = []
    for number, (name, document) in enumerate(documents(), start=1):
        model = build(document)
        p = model.nodes[0]["params"]
        for attempt in range(40):
            specs = initial_specs(model, 1 + 100 * (number + 1000 * attempt))
            spec, images = images_of((p["height"], p["width"], p["channels"]), 9_000_000 + 1000 * number + attempt)
            exact, seen = results_of(document, specs, images, torch.float64)
            rounded, _ = results_of(document, specs, images, torch.float32)
            off, where = disagreement(exact, rounded)
            if off < AGREEMENT:
                break
            print(f"  {name}, attempt {attempt}: float32 is off by {off:.1e} in {where}")
        else:
            raise RuntimeError(f"no pictures for {name} are well conditioned")
        store.index = {}
        for key, value in exact.items():
            store.add(key, value)
        cases.append({
            "name": name,
            "network": document,
            "images": spec,
            "initial": specs,
            "logit": LOGIT,
            "layer": seen,
            "tensors": store.index,
        })
    document = {"torch": torch.__version__.split("+")[0], "samples": SAMPLES, "cases": cases}
    (FOLDER / "inside.json").write_text(json.dumps(document, separators=(",", ":")) + "\n")
    (FOLDER / "inside.bin").write_bytes(b"".join(store.parts))
    print(f"{len(cases)} networks")


if __name__ == "__main__":
    main()
