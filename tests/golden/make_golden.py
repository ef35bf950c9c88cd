"""Writes what PyTorch computes for every case of cases.py into data/: `<case>.json` and `<case>.bin`.

Run with any Python that has torch and numpy: `python tests/golden/make_golden.py`, with names of cases for only those.
read.ts reads the files.

PyTorch computes in float64, so that the files hold the formula's values and not one machine's rounding: the bias of a
convolution before BatchNorm has gradient zero, but in float32 some 1e-9 of noise, which Adam would turn into whole steps.
The same hides in other places (the shift of a channel that is positive everywhere and normalised again later), so every
case is also run in float32, and starts from other weights where the two disagree.

Starting weights are not stored. Both sides compute element i of a weight as
low + (high - low) * mix(mix(i + seed * 0x9E3779B9)) / 2^32 in float64, rounded to float32; `mix` is murmur3's finaliser.
"""

import json
import pathlib
import sys

import numpy as np
import torch

from cases import all_cases
from modules import build

FOLDER = pathlib.Path(__file__).parent / "data"
COUNT = 24
# Larger tensors are stored as this many samples, at floor(i * size / SAMPLES), and the sum of their absolute values.
SAMPLES = 2048
# A gradient below this is zero in exact arithmetic.
VANISHING = 1e-13
# How far PyTorch's float32 may be from its float64, relative to the largest value of a tensor.
AGREEMENT = 2e-5


def mix(values):
    values = values ^ (values >> np.uint32(16))
    values = values * np.uint32(0x85EBCA6B)
    values = values ^ (values >> np.uint32(13))
    values = values * np.uint32(0xC2B2AE35)
    return values ^ (values >> np.uint32(16))


def formula(spec):
    size = int(np.prod(spec["shape"]))
    start = np.arange(size, dtype=np.uint32) + np.uint32(spec["seed"] * 0x9E3779B9 & 0xFFFFFFFF)
    unit = mix(mix(start)).astype(np.float64) / 4294967296
    values = spec["low"] + (spec["high"] - spec["low"]) * unit
    return values.astype(np.float32).reshape(spec["shape"])


def initial_specs(model, first_seed):
    """How each weight starts. The norms' scales are of both signs, so that pooling and ReLU see flipped channels."""
    specs = []
    for name, value in model.state_dict().items():
        if name.endswith("num_batches_tracked"):
            continue
        module = model.get_submodule(name.rpartition(".")[0])
        attribute = name.rpartition(".")[2]
        if isinstance(module, (torch.nn.BatchNorm2d, torch.nn.LayerNorm, torch.nn.GroupNorm)):
            low, high = {
                "weight": (-1.2, 1.4),
                "bias": (-0.9, 0.1),
                "running_mean": (-0.3, 0.3),
                "running_var": (0.5, 1.5),
            }[attribute]
        elif isinstance(module, torch.nn.PReLU):
            low, high = -0.2, 0.6
        else:
            fan_in = int(np.prod(module.weight.shape[1:]))
            high = float(np.float32(fan_in**-0.5))
            low = -high
        specs.append({"name": name, "shape": list(value.shape), "seed": first_seed + len(specs), "low": low, "high": high})
    return specs


def pictures(size, seed):
    """uint8 NHWC. Noise, with black borders on every second picture, as MNIST has them."""
    images = np.random.default_rng(seed).integers(0, 256, (COUNT, *size), dtype=np.uint8)
    images[::2, : size[0] // 4] = 0
    images[::2, :, -(size[1] // 3) :] = 0
    return images


def loss_of(config, class_weights, dtype):
    if config["type"] == "cross-entropy":
        weight = None if class_weights is None else torch.tensor(class_weights, dtype=dtype)
        return torch.nn.CrossEntropyLoss(weight, label_smoothing=config["label_smoothing"])

    def mse(logits, labels):
        return torch.nn.functional.mse_loss(logits, torch.nn.functional.one_hot(labels, logits.shape[1]).to(logits.dtype))

    return mse


def optimizer_of(config, parameters, rate):
    settings = {key: value for key, value in config.items() if key not in ("type", "beta1", "beta2")}
    kind = config["type"]
    if kind in ("adam", "adamw"):
        betas = (config["beta1"], config["beta2"])
        return {"adam": torch.optim.Adam, "adamw": torch.optim.AdamW}[kind](parameters, rate, betas=betas, **settings)
    if kind == "rmsprop":
        return torch.optim.RMSprop(parameters, rate, **settings)
    return torch.optim.SGD(parameters, rate, nesterov=kind == "nesterov", **settings)


class Store:
    """Collects tensors; `index` says where in the .bin each one lies."""

    def __init__(self, samples=SAMPLES):
        self.samples = samples
        self.index = {}
        self.parts = []
        self.offset = 0

    def add(self, name, value):
        entry = {"shape": list(value.shape), "offset": self.offset}
        flat = value.reshape(-1)
        if flat.size > 2 * self.samples:
            entry["abs_sum"] = float(np.abs(flat).sum())
            flat = flat[np.arange(self.samples) * flat.size // self.samples]
        self.index[name] = entry
        self.put(flat.astype("<f4"))

    def put(self, array):
        data = array.tobytes()
        data += bytes(-len(data) % 4)
        self.parts.append(data)
        self.offset += len(data)


def score(logits, labels, loss):
    return {"loss": loss(logits, labels).item(), "correct": int((logits.argmax(1) == labels).sum())}


def train(case, inputs, specs, dtype, constant=()):
    """Runs the case. Returns every result as numpy arrays by name, and the scores. `constant` weights get no gradient."""
    images, labels, batches = inputs
    model = build(case["network"]).to(dtype)
    model.load_state_dict({spec["name"]: torch.from_numpy(formula(spec)) for spec in specs}, strict=False)
    x = ((torch.from_numpy(images).double().permute(0, 3, 1, 2).contiguous() / 255 - 0.5) / 0.5).to(dtype)
    y = torch.from_numpy(labels)
    loss = loss_of(case["loss"], case.get("class_weights"), dtype)
    optimizer = optimizer_of(case["optimizer"], model.parameters(), case["learning_rate"])

    results, steps = {}, []
    most = case.get("clip_norm")
    with torch.no_grad():
        results["logits"] = model.eval()(x)
    model.train()
    for batch in batches:
        optimizer.zero_grad()
        logits = model(x[batch])
        value = loss(logits, y[batch])
        value.backward()
        for name, parameter in model.named_parameters():
            if name in constant:
                parameter.grad.zero_()
            if not steps:
                results[f"gradient/{name}"] = parameter.grad.clone()
        with torch.no_grad():
            steps.append(score(logits, y[batch], loss))
        if most is not None:
            steps[-1]["norm"] = torch.nn.utils.clip_grad_norm_(model.parameters(), most).item()
        optimizer.step()
    for spec in specs:
        results[f"final/{spec['name']}"] = model.state_dict()[spec["name"]]
    for name, parameter in model.named_parameters():
        for slot, value in optimizer.state[parameter].items():
            if slot != "step" and value is not None:
                results[f"slot/{name}.{slot}"] = value
    with torch.no_grad():
        results["final_logits"] = model.eval()(x)
        final_score = score(results["final_logits"], y, loss)
    return {name: value.detach().numpy() for name, value in results.items()}, steps, final_score


def disagreement(exact, rounded):
    """The largest difference of a tensor relative to its largest value, over all tensors, and that tensor's name."""
    worst = (0.0, "")
    for name, value in exact.items():
        largest = np.abs(value).max()
        if largest > VANISHING:
            worst = max(worst, (np.abs(value - rounded[name]).max() / largest, name))
    return worst


def run_case(case, number):
    first = case["network"]["layers"][0]["params"]
    size = (first["height"], first["width"], first["channels"])
    model = build(case["network"])
    (classes,) = model.shape(model.nodes[-1]["id"])
    rng = np.random.default_rng(1000 + number)
    images = pictures(size, number)
    labels = rng.integers(0, classes, COUNT)
    batches = [rng.permutation(COUNT)[:count].tolist() for count in case.pop("batch_sizes")]
    inputs = (images, labels, batches)

    for attempt in range(100):
        specs = initial_specs(model, 1 + 100 * attempt)
        exact, steps, final_score = train(case, inputs, specs, torch.float64)
        names = [name for name, _ in model.named_parameters()]
        constant = [name for name in names if np.abs(exact[f"gradient/{name}"]).max() < VANISHING]
        rounded, rounded_steps, _ = train(case, inputs, specs, torch.float32, constant)
        off, where = disagreement(exact, rounded)
        if off < AGREEMENT and [s["correct"] for s in steps] == [s["correct"] for s in rounded_steps]:
            break
        print(f"  {case['name']}, attempt {attempt}: float32 is off by {off:.1e} in {where}")
    else:
        raise RuntimeError(f"no starting weights of {case['name']} are well conditioned")

    store = Store()
    for name, value in exact.items():
        store.add(name, value)
    images_offset = store.offset
    store.put(images)
    document = {
        **case,
        "torch": torch.__version__.split("+")[0],
        "images": {"shape": list(images.shape), "offset": images_offset},
        "labels": labels.tolist(),
        "batches": batches,
        "initial": specs,
        "steps": steps,
        "final_score": final_score,
        "tensors": store.index,
    }
    (FOLDER / f"{case['name']}.json").write_text(json.dumps(document, separators=(",", ":")) + "\n")
    (FOLDER / f"{case['name']}.bin").write_bytes(b"".join(store.parts))
    print(f"{case['name']}: {len(constant)} constant weights, float32 agrees to {off:.1e}")


def main():
    torch.manual_seed(0)
    FOLDER.mkdir(exist_ok=True)
    cases = list(enumerate(all_cases(), start=1))
    wanted = set(sys.argv[1:]) or {case["name"] for _, case in cases}
    if len(sys.argv) == 1:
        for old in FOLDER.iterdir():
            old.unlink()
    for number, case in cases:
        if case["name"] in wanted:
            run_case(case, number)


if __name__ == "__main__":
    main()
