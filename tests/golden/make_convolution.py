"""Writes convolution.json: single convolutions, forward and backward, as PyTorch computes them in float64.

Run with any Python that has torch: `python tests/golden/make_convolution.py`. read-convolution.ts reads it.

Inputs and weights are float32 values, so that an engine can be given exactly the same.
"""

import json
import pathlib

import torch
from torch.nn import functional

FILE = pathlib.Path(__file__).parent / "convolution.json"

# The case of Stanford's CS231n notes in its sizes: 5 x 5 x 3, padding 1, two filters of 3 x 3 x 3, stride 2.
CLASSIC_INPUT = [
    [[0, 1, 2, 1, 0], [2, 0, 1, 2, 1], [1, 2, 0, 0, 2], [0, 1, 1, 2, 0], [2, 0, 2, 1, 1]],
    [[1, 0, 0, 2, 1], [0, 2, 1, 0, 2], [2, 1, 2, 1, 0], [1, 0, 0, 2, 2], [0, 2, 1, 1, 0]],
    [[2, 1, 0, 1, 2], [1, 0, 2, 0, 1], [0, 1, 1, 2, 0], [2, 2, 0, 1, 1], [1, 0, 2, 0, 2]],
]
CLASSIC_KERNEL = [
    [[[-1, 0, 1], [1, 1, 0], [0, -1, 1]], [[0, 1, -1], [1, 0, 1], [-1, 0, 0]], [[1, -1, 0], [0, 1, 1], [0, 0, -1]]],
    [[[1, 1, -1], [0, -1, 0], [1, 0, 1]], [[-1, 0, 1], [0, 1, 0], [1, -1, 0]], [[0, 0, 1], [-1, 0, 1], [1, 1, -1]]],
]
CLASSIC_BIAS = [1, 0]


def drawn(generator, *shape):
    return torch.randn(*shape, generator=generator).double()


def settings(kernel, stride=(1, 1), padding=(0, 0), dilation=(1, 1), groups=1, bias=True):
    """As torch.nn.Conv2d takes them; `padding` may also be four sides, which it does not take."""
    return {
        "kernel_size": list(kernel),
        "stride": list(stride),
        "padding": padding if isinstance(padding, str) else list(padding),
        "dilation": list(dilation),
        "groups": groups,
        "bias": bias,
    }


def sides(params):
    """Top, bottom, left, right."""
    padding = params["padding"]
    if padding == "same":
        totals = [d * (k - 1) for d, k in zip(params["dilation"], params["kernel_size"])]
        return [side for total in totals for side in (total // 2, total - total // 2)]
    if len(padding) == 4:
        return padding
    return [padding[0], padding[0], padding[1], padding[1]]


def run(name, params, x, weight, bias, out_gradient=None, generator=None):
    top, bottom, left, right = sides(params)
    x, weight = x.double().requires_grad_(), weight.double().requires_grad_()
    bias = None if bias is None else bias.double().requires_grad_()
    options = {key: params[key] for key in ("stride", "dilation", "groups")}
    padded = functional.pad(x, (left, right, top, bottom))
    y = functional.conv2d(padded[None], weight, bias, **options)[0]
    if params["padding"] == "same" or len(params["padding"]) == 2:
        # Padding by the layer itself, not by us before it.
        padding = params["padding"] if params["padding"] == "same" else tuple(params["padding"])
        assert torch.equal(y, functional.conv2d(x[None], weight, bias, padding=padding, **options)[0])
    gradient = drawn(generator, *y.shape) if out_gradient is None else out_gradient.double()
    y.backward(gradient)

    windows = functional.unfold(padded[None], weight.shape[2:], dilation=params["dilation"], stride=params["stride"])[0]
    per_group = windows.reshape(params["groups"], -1, windows.shape[1])
    kernels = weight.reshape(params["groups"], -1, weight[0].numel())
    cosine = functional.cosine_similarity(per_group[:, None], kernels[..., None], dim=2, eps=1e-30)
    numbers = {
        "input": x,
        "kernel": weight,
        "bias": bias,
        "output": y,
        "output_gradient": gradient,
        "input_gradient": x.grad,
        "kernel_gradient": weight.grad,
        "bias_gradient": gradient.sum((1, 2)),
        "columns": windows,
        "cosine": cosine.reshape(y.shape),
    }
    if bias is not None:
        assert torch.allclose(bias.grad, numbers["bias_gradient"], rtol=0, atol=1e-12)
    tensors = {
        key: None if value is None else {"shape": list(value.shape), "values": value.detach().flatten().tolist()}
        for key, value in numbers.items()
    }
    return {"name": name, "params": params, "sides": sides(params), **tensors}


def classic():
    params = settings((3, 3), (2, 2), (1, 1))
    numbers = [torch.tensor(values) for values in (CLASSIC_INPUT, CLASSIC_KERNEL, CLASSIC_BIAS)]
    return run("classic", params, *numbers, out_gradient=torch.ones(2, 3, 3))


def random_case(number, name, size, filters, params):
    generator = torch.Generator().manual_seed(number)
    channels = size[0]
    x = drawn(generator, *size)
    weight = drawn(generator, filters, channels // params["groups"], *params["kernel_size"])
    bias = drawn(generator, filters) if params["bias"] else None
    return run(name, params, x, weight, bias, generator=generator)


def main():
    rows = [
        ("plain", (1, 6, 7), 2, settings((3, 3))),
        ("strided", (3, 8, 9), 4, settings((3, 2), (2, 3), (1, 2), bias=False)),
        ("dilated", (2, 9, 8), 3, settings((3, 2), (1, 2), (2, 1), (2, 3))),
        ("same", (2, 5, 6), 3, settings((4, 3), padding="same", dilation=(1, 2))),
        ("grouped", (4, 6, 5), 6, settings((2, 3), (1, 2), (1, 1), (2, 1), groups=2)),
        ("depthwise", (3, 5, 5), 6, settings((3, 3), padding=(1, 1), groups=3)),
        ("pointwise", (5, 4, 7), 2, settings((1, 1), (3, 2))),
        ("one-output", (2, 4, 3), 3, settings((4, 3))),
        ("four-sides", (2, 4, 5), 2, settings((3, 3), (2, 1), (0, 3, 2, 1), bias=False)),
    ]
    cases = [classic()] + [random_case(number, *row) for number, row in enumerate(rows, start=1)]
    FILE.write_text(json.dumps({"torch": torch.__version__.split("+")[0], "cases": cases}, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
