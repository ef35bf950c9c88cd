"""Writes range.json: the suggestions of fastai's learning-rate finder for curves of losses.

Run with any Python: `python tests/golden/make_range.py`. tests/golden/range.test.ts reads it. `valley` and `steep` are
fastai 2.7's functions of these names (Apache 2.0) without tensors, and the smoothing is that of its Recorder.
"""

import json
import math
import pathlib
import random

FILE = pathlib.Path(__file__).parent / "range.json"
STEPS = 100


def valley(lrs, losses):
    n = len(losses)
    max_start, max_end = 0, 0
    lds = [1] * n
    for i in range(1, n):
        for j in range(0, i):
            if (losses[i] < losses[j]) and (lds[i] < lds[j] + 1):
                lds[i] = lds[j] + 1
            if lds[max_end] < lds[i]:
                max_end = i
                max_start = max_end - lds[max_end]
    sections = (max_end - max_start) / 3
    return lrs[max_start + int(sections) + int(sections / 2)]


def steep(lrs, losses):
    grads = [
        (losses[i + 1] - losses[i]) / (math.log(lrs[i + 1]) - math.log(lrs[i])) for i in range(len(losses) - 1)
    ]
    return lrs[grads.index(min(grads))]


def smooth(losses):
    mean, found = 0.0, []
    for index, loss in enumerate(losses):
        mean = 0.98 * mean + 0.02 * loss
        found.append(mean / (1 - 0.98 ** (index + 1)))
    return found


def curve(rng):
    """Losses that stay, fall around a rate and rise again, with noise."""
    fall, rise = rng.uniform(-5, -2), rng.uniform(-1.5, 0.5)
    depth, noise = rng.uniform(0.8, 2), rng.uniform(0.005, 0.2)
    lrs, losses = [], []
    for step in range(STEPS):
        power = -7 + 8 * step / (STEPS - 1)
        down = depth / (1 + math.exp(-3 * (power - fall)))
        up = math.exp(2 * (power - rise))
        losses.append(2.5 - down + up + rng.gauss(0, noise))
        lrs.append(10**power)
    return lrs, losses


def case(rng):
    lrs, losses = curve(rng)
    smoothed = smooth(losses)
    stop, lowest = STEPS, math.inf
    for index, value in enumerate(smoothed):
        lowest = min(lowest, value)
        if index > 0 and value > 4 * lowest:
            stop = index + 1
            break
    looked = slice(STEPS // 10, stop - 5)
    return {
        "losses": losses,
        "smoothed": smoothed[:stop],
        "valley": valley(lrs[looked], smoothed[looked]),
        "steepest": steep(lrs[looked], smoothed[looked]),
    }


def main():
    rng = random.Random(3)
    FILE.write_text(json.dumps([case(rng) for _ in range(12)], separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
