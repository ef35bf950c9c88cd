"""Network documents as torch modules, written apart from the layers' own PyTorch code. Imported by the make_ scripts."""

from collections import OrderedDict

import torch
from torch import nn


class Add(nn.Module):
    def forward(self, first, *others):
        for term in others:
            first = first + term
        return first


class Concatenate(nn.Module):
    def forward(self, *parts):
        return torch.cat(parts, dim=1)


class Multiply(nn.Module):
    """A flat factor has one value for each channel of the picture beside it."""

    def forward(self, *factors):
        axes = max(factor.dim() for factor in factors)
        product = 1
        for factor in factors:
            product = product * (factor if factor.dim() == axes else factor[:, :, None, None])
        return product


class Reshape(nn.Module):
    def __init__(self, shape):
        super().__init__()
        self.shape = shape

    def forward(self, x):
        return x.reshape(len(x), *self.shape)


def separable(channels, out_channels, kernel_size=(3, 3), depth_multiplier=1, bias=True, **window):
    between = channels * depth_multiplier
    depthwise = nn.Conv2d(channels, between, kernel_size, groups=channels, bias=False, **window)
    return nn.Sequential(OrderedDict(depthwise=depthwise, pointwise=nn.Conv2d(between, out_channels, 1, bias=bias)))


def upsample(mode="nearest", size=None, scale_factor=(2, 2), align_corners=False):
    where = {"size": tuple(size)} if size else {"scale_factor": tuple(scale_factor)}
    return nn.Upsample(mode=mode, **where, **({"align_corners": align_corners} if mode == "bilinear" else {}))


def prelu(channels, per_channel=False, init=0.25):
    return nn.PReLU(channels if per_channel else 1, init)


def module_of(kind, p, shape):
    """The torch module of a layer whose first input is `shape`: (channels, height, width) or (features,)."""
    channels = shape[0]
    makers = {
        "input": lambda height, width, channels: nn.Identity(),
        "conv2d": lambda **p: nn.Conv2d(channels, **p),
        "conv_transpose2d": lambda **p: nn.ConvTranspose2d(channels, **p),
        "separable_conv2d": lambda **p: separable(channels, **p),
        "linear": lambda **p: nn.Linear(channels, **p),
        "batch_norm2d": lambda **p: nn.BatchNorm2d(channels, **p),
        "layer_norm": lambda **p: nn.LayerNorm(shape, **p),
        "group_norm": lambda num_groups=1, **p: nn.GroupNorm(num_groups, channels, **p),
        "max_pool2d": nn.MaxPool2d,
        "avg_pool2d": nn.AvgPool2d,
        "adaptive_avg_pool2d": lambda output_size=(1, 1): nn.AdaptiveAvgPool2d(output_size),
        "global_avg_pool": lambda: nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten()),
        "flatten": nn.Flatten,
        "reshape": Reshape,
        "dropout": nn.Dropout,
        "dropout2d": nn.Dropout2d,
        "upsample": upsample,
        "zero_pad2d": lambda left, right, top, bottom: nn.ZeroPad2d((left, right, top, bottom)),
        "add": Add,
        "concatenate": Concatenate,
        "multiply": Multiply,
        "relu": nn.ReLU,
        "leaky_relu": nn.LeakyReLU,
        "prelu": lambda **p: prelu(channels, **p),
        "elu": nn.ELU,
        "gelu": nn.GELU,
        "silu": nn.SiLU,
        "sigmoid": nn.Sigmoid,
        "tanh": nn.Tanh,
        "softmax": lambda: nn.Softmax(dim=1),
    }
    return makers[kind](**p)


class Network(nn.Module):
    """A document's layers; state_dict names are `<layer id>.<weight>`. Grown layer by layer, in topological order."""

    def __init__(self):
        super().__init__()
        self.nodes = []
        self.probes = {}

    def grow(self, node):
        """Adds a layer and returns the shape of its output. Raises what torch raises where it does not fit."""
        given = [self.probes[source] for source in node["inputs"]]
        if not given:
            p = node["params"]
            given = [torch.zeros(1, p["channels"], p["height"], p["width"])]
        module = module_of(node["kind"], node["params"], tuple(given[0].shape[1:])).eval()
        with torch.no_grad():
            self.probes[node["id"]] = module(*given)
        self.add_module(node["id"], module)
        self.nodes.append(node)
        return self.shape(node["id"])

    def take_back(self, layer_id):
        """Takes the last layer away again."""
        assert self.nodes.pop()["id"] == layer_id
        del self._modules[layer_id], self.probes[layer_id]

    def shape(self, layer_id):
        return tuple(self.probes[layer_id].shape[1:])

    def forward(self, x):
        outputs = {}
        for node in self.nodes:
            given = [outputs[source] for source in node["inputs"]] or [x]
            outputs[node["id"]] = self.get_submodule(node["id"])(*given)
        return outputs[self.nodes[-1]["id"]]


def build(document):
    """The model of a document whose last layer is its output."""
    model = Network()
    for node in document["layers"]:
        model.grow(node)
    return model
