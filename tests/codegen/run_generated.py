"""Runs generated programs: run_generated.py torch|keras|train FOLDER CASE...

For each case FOLDER holds CASE.py, CASE.safetensors and CASE.bin (float32 NHWC pictures); CASE.logits gets the logits.
`train` runs CASE.py's own `main` on the IDX files in FOLDER instead; CASE.log gets what it prints, CASE.trace the rate
and the gradients' norm of each optimizer step and, with class weights, the loss of the numbers in FOLDER/probe.json.
"""

import contextlib

import importlib.util
import json
import os
import pathlib
import sys

os.environ.setdefault("KERAS_BACKEND", "torch")
os.environ.setdefault("KERAS_HOME", sys.argv[2])
# Our engine computes on the processor.
os.environ["CUDA_VISIBLE_DEVICES"] = ""
# Networks this small gain nothing from threads, and beside other tests they wait for one another.
os.environ["OMP_NUM_THREADS"] = "1"
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np


def read_safetensors(path):
    data = path.read_bytes()
    start = 8 + int.from_bytes(data[:8], "little")
    tensors = {}
    for name, entry in json.loads(data[8:start]).items():
        if name == "__metadata__":
            continue
        first, last = (start + offset for offset in entry["data_offsets"])
        tensors[name] = np.frombuffer(data[first:last], "<f4").reshape(entry["shape"]).copy()
    return tensors


def load_module(path):
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def run_torch(module, tensors, pictures):
    import torch
    from torch import nn

    (kind,) = (value for value in vars(module).values() if isinstance(value, type) and issubclass(value, nn.Module))
    network = kind()
    network.load_state_dict({name: torch.from_numpy(value) for name, value in tensors.items()}, strict=True)
    network.eval()
    with torch.no_grad():
        return network(torch.from_numpy(pictures).permute(0, 3, 1, 2)).numpy()


def run_keras(module, tensors, pictures):
    import keras

    model = module.build_model()
    module.set_weights(model, tensors)
    return keras.ops.convert_to_numpy(model(pictures, training=False))


def read_pictures(path, shape, channels_first):
    if channels_first:
        channels, height, width = shape
        shape = height, width, channels
    return np.fromfile(path.with_suffix(".bin"), "<f4").reshape(-1, *shape)


def trace_torch(steps):
    import torch
    from torch.optim.optimizer import register_optimizer_step_pre_hook

    def before_step(optimizer, *_):
        gradients = [p.grad.flatten() for group in optimizer.param_groups for p in group["params"]]
        steps.append((optimizer.param_groups[0]["lr"], torch.cat(gradients).norm().item()))

    register_optimizer_step_pre_hook(before_step)


def trace_keras(steps):
    import keras

    (base,) = [kind for kind in keras.optimizers.Optimizer.__mro__ if "_clip_gradients" in vars(kind)]
    clip_gradients = base._clip_gradients

    def clip(self, grads):
        clipped = clip_gradients(self, grads)
        norm = sum(float(keras.ops.sum(g * g)) for g in clipped) ** 0.5
        steps.append((float(keras.ops.convert_to_numpy(self.learning_rate)), norm))
        return clipped

    base._clip_gradients = clip


def weighted_loss(module, path):
    """The program's own loss with class weights on the numbers in probe.json."""
    import torch

    probe = json.loads((path.parent / "probe.json").read_text())
    logits, labels = torch.tensor(probe["logits"]), torch.tensor(probe["labels"])
    if hasattr(module, "keras"):
        targets = torch.nn.functional.one_hot(labels, logits.shape[1])
        weights = module.class_weights(targets.numpy())
        return float(module.weighted_cross_entropy(weights)(targets, logits))
    return float(module.loss_of(logits, labels, module.class_weights(labels)))


steps = []


def train(module, path):
    del steps[:]
    if not hasattr(train, "traced"):
        train.traced = True
        (trace_keras if hasattr(module, "keras") else trace_torch)(steps)
    sys.argv = [path.name, "--data", str(path.parent), "--output", f"{path}.{module.__name__}.weights.h5"]
    with open(path.with_suffix(".log"), "w") as log, contextlib.redirect_stdout(log):
        module.main()
    result = {"rates": [rate for rate, _ in steps], "norms": [norm for _, norm in steps]}
    if hasattr(module, "class_weights"):
        result["loss"] = weighted_loss(module, path)
    path.with_suffix(".trace").write_text(json.dumps(result))


def main():
    framework, folder, *names = sys.argv[1:]
    for name in names:
        path = pathlib.Path(folder) / name
        try:
            module = load_module(path.with_suffix(".py"))
            if framework == "train":
                train(module, path)
                continue
            pictures = read_pictures(path, module.INPUT_SHAPE, channels_first=framework == "torch")
            run = run_torch if framework == "torch" else run_keras
            logits = run(module, read_safetensors(path.with_suffix(".safetensors")), pictures)
            logits.astype("<f4").tofile(path.with_suffix(".logits"))
        except (Exception, SystemExit) as error:
            path.with_suffix(".error").write_text(f"{type(error).__name__}: {error}")


main()
