"""Writes tables.json: output shapes and learning rates as PyTorch has them.

Run with any Python that has torch: `python tests/golden/make_tables.py`. tables.test.ts reads it.
"""

import json
import pathlib
import random
import warnings

import torch

FILE = pathlib.Path(__file__).parent / "tables.json"


def output_shape(module, channels, height, width):
    """NHWC without the batch, or None where torch refuses."""
    try:
        with torch.no_grad(), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            _, out, rows, columns = module().eval()(torch.zeros(1, channels, height, width)).shape
        # Some kernels give empty pictures where others refuse.
        return [rows, columns, out] if rows * columns > 0 else None
    except (RuntimeError, ValueError):
        return None


def convolution(rng):
    channels = rng.choice([1, 3, 4, 6])
    params = {
        "out_channels": rng.choice([1, 4, 6, 9]),
        "kernel_size": [rng.randint(1, 5), rng.randint(1, 5)],
        "stride": rng.choice([[1, 1], [1, 1], [rng.randint(1, 3), rng.randint(1, 3)]]),
        "padding": rng.choice(["same", "valid", [rng.randint(0, 3), rng.randint(0, 3)]]),
        "dilation": [rng.randint(1, 3), rng.randint(1, 3)],
        "groups": rng.choice([1, 1, 1, 1, 2, 3]),
        "bias": False,
    }
    return "conv2d", channels, params, lambda: torch.nn.Conv2d(channels, **params)


def pool(rng):
    kernel = [rng.randint(1, 4), rng.randint(1, 4)]
    # Mostly at most half the window; more is refused.
    half = [k // 2 if rng.random() < 0.9 else 2 for k in kernel]
    params = {
        "kernel_size": kernel,
        "stride": [rng.randint(1, 3), rng.randint(1, 3)],
        "padding": [min(rng.randint(0, 2), k) for k in half],
        "dilation": [rng.randint(1, 3), rng.randint(1, 3)],
    }
    return "max_pool2d", 2, params, lambda: torch.nn.MaxPool2d(**params)


def ceiled(rng):
    kind, channels, params, _ = pool(rng)
    params["ceil_mode"] = True
    return kind, channels, params, lambda: torch.nn.MaxPool2d(**params)


def average(rng):
    _, channels, params, _ = pool(rng)
    del params["dilation"]
    params["ceil_mode"] = rng.random() < 0.7
    return "avg_pool2d", channels, params, lambda: torch.nn.AvgPool2d(**params)


def transposed(rng):
    channels = rng.choice([1, 4, 6])
    params = {
        "out_channels": rng.choice([1, 4, 6, 9]),
        "kernel_size": [rng.randint(1, 4), rng.randint(1, 4)],
        "stride": [rng.randint(1, 3), rng.randint(1, 3)],
        "padding": [rng.randint(0, 3), rng.randint(0, 3)],
        "output_padding": [rng.randint(0, 2), rng.randint(0, 2)],
        "dilation": [rng.randint(1, 3), rng.randint(1, 3)],
        "groups": rng.choice([1, 1, 1, 2, 3]),
        "bias": False,
    }
    return "conv_transpose2d", channels, params, lambda: torch.nn.ConvTranspose2d(channels, **params)


def shapes(rng):
    rows = []
    for make in [convolution] * 200 + [pool] * 150 + [ceiled] * 100 + [average] * 100 + [transposed] * 150:
        kind, channels, params, module = make(rng)
        height, width = rng.randint(2, 24), rng.randint(2, 24)
        output = output_shape(module, channels, height, width)
        rows.append({"kind": kind, "params": params, "input": [height, width, channels], "output": output})
    return rows


def rates(make, count):
    """The rate of each of `count` steps of a schedule that moves after every step."""
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], 0.1)
    schedule = make(optimizer)
    found = []
    for _ in range(count):
        found.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        schedule.step()
    return found


def one_cycle(steps, settings):
    make = lambda o: torch.optim.lr_scheduler.OneCycleLR(o, 0.1, total_steps=steps, cycle_momentum=False, **settings)
    return {**settings, "rates": rates(make, steps)}


def warm_up(steps):
    """LinearLR from 1 / steps on is (step + 1) / steps."""
    make = lambda o: torch.optim.lr_scheduler.LinearLR(o, start_factor=1 / steps, total_iters=steps - 1)
    return {"warmup_steps": steps, "rates": rates(make, steps + 5)}


def schedules():
    scheduler = torch.optim.lr_scheduler
    return {
        "learning_rate": 0.1,
        "step_per_epoch": rates(lambda o: scheduler.StepLR(o, step_size=2, gamma=0.3), 9),
        "cosine_per_step": rates(lambda o: scheduler.CosineAnnealingLR(o, T_max=20, eta_min=0.001), 20),
        "one_cycle_per_step": [
            one_cycle(40, {"pct_start": 0.3, "div_factor": 25, "final_div_factor": 1e4}),
            one_cycle(33, {"pct_start": 0.45, "div_factor": 4, "final_div_factor": 10}),
            one_cycle(101, {"pct_start": 0.1, "div_factor": 100, "final_div_factor": 1}),
        ],
        "warm_up_per_step": [warm_up(2), warm_up(12)],
    }


def main():
    tables = {"shapes": shapes(random.Random(1)), "schedules": schedules()}
    FILE.write_text(json.dumps(tables, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
