"""Draws valid networks from the whole catalogue of layers. Imported by make_random.py."""

from modules import Network

# Layers that take and give a picture, and those that also take a flat input.
PICTURE_KINDS = [
    "conv2d", "conv_transpose2d", "separable_conv2d", "batch_norm2d", "group_norm", "max_pool2d", "avg_pool2d",
    "adaptive_avg_pool2d", "global_avg_pool", "dropout2d", "upsample", "zero_pad2d", "excitation",
]
ANY_KINDS = [
    "layer_norm", "reshape", "flatten", "dropout", "relu", "leaky_relu", "prelu", "elu", "gelu", "silu", "sigmoid", "tanh",
    "softmax", "add", "concatenate", "multiply", "linear",
]
MERGES = ["add", "concatenate", "multiply"]
# How much oftener than the others a kind is drawn.
WEIGHTS = {"conv2d": 4, "conv_transpose2d": 2, "separable_conv2d": 2, "reshape": 1.5, "upsample": 1.5, "add": 1.5}
LARGEST_SIDE = 18
LARGEST_OUTPUT = 1500
CLASSES = 5


def pair(rng, low, high):
    return [rng.randint(low, high), rng.randint(low, high)]


def divisors(*numbers):
    return [d for d in range(1, min(numbers) + 1) if all(n % d == 0 for n in numbers)]


def optional(rng, **params):
    """Each with its value, or left to its default."""
    return {name: value for name, value in params.items() if rng.random() < 0.6}


def pool_params(rng):
    kernel = pair(rng, 1, 4)
    return {
        "kernel_size": kernel,
        "stride": pair(rng, 1, 3),
        "padding": [rng.randint(0, k // 2) for k in kernel],
        "ceil_mode": rng.random() < 0.5,
    }


def convolution_padding(rng, stride):
    return rng.choice([pair(rng, 0, 3), pair(rng, 0, 3), "valid", *(["same"] * 3 if stride == [1, 1] else [])])


def conv2d(rng, shape):
    out = rng.randint(1, 12)
    stride = rng.choice([[1, 1], [1, 1], pair(rng, 1, 3)])
    return {
        "out_channels": out,
        "kernel_size": pair(rng, 1, 4),
        "stride": stride,
        "padding": convolution_padding(rng, stride),
        "dilation": rng.choice([[1, 1], pair(rng, 1, 3)]),
        "groups": rng.choice(divisors(shape[0], out)),
        "bias": rng.random() < 0.7,
    }


def conv_transpose2d(rng, shape):
    out = rng.randint(1, 10)
    stride, dilation = pair(rng, 1, 3), rng.choice([[1, 1], pair(rng, 1, 3)])
    return {
        "out_channels": out,
        "kernel_size": pair(rng, 1, 4),
        "stride": stride,
        "padding": pair(rng, 0, 2),
        "output_padding": [rng.randint(0, max(s, d) - 1) for s, d in zip(stride, dilation)],
        "dilation": dilation,
        "groups": rng.choice(divisors(shape[0], out)),
        "bias": rng.random() < 0.7,
    }


def separable_conv2d(rng, shape):
    params = conv2d(rng, shape)
    del params["groups"]
    return {**params, "depth_multiplier": rng.randint(1, 3)}


def reshape(rng, shape):
    count = 1
    for size in shape:
        count *= size
    if rng.random() < 0.2:
        return {"shape": [-1]}
    channels = rng.choice(divisors(count))
    height = rng.choice(divisors(count // channels))
    sizes = [channels, height, count // channels // height]
    if rng.random() < 0.5:
        sizes[rng.randrange(3)] = -1
    return {"shape": sizes}


def upsample(rng, _shape):
    mode = rng.choice(["nearest", "bilinear"])
    size = rng.choice([{"scale_factor": pair(rng, 1, 3)}, {"size": pair(rng, 1, 14)}])
    return {**size, "mode": mode, "align_corners": mode == "bilinear" and rng.random() < 0.5}


def params_of(rng, kind, shape):
    """Parameters of a layer that gets `shape`: (channels, height, width) or (features,). Not all are valid."""
    makers = {
        "conv2d": conv2d,
        "conv_transpose2d": conv_transpose2d,
        "separable_conv2d": separable_conv2d,
        "reshape": reshape,
        "upsample": upsample,
        "batch_norm2d": lambda rng, _: optional(rng, eps=1e-3, momentum=0.3, affine=rng.random() < 0.5),
        "layer_norm": lambda rng, _: optional(
            rng, eps=1e-3, elementwise_affine=rng.random() < 0.5, bias=rng.random() < 0.5),
        "group_norm": lambda rng, shape: {
            "num_groups": rng.choice(divisors(shape[0])), **optional(rng, eps=1e-3, affine=rng.random() < 0.5)},
        "max_pool2d": lambda rng, _: {**pool_params(rng), "dilation": rng.choice([[1, 1], pair(rng, 1, 2)])},
        "avg_pool2d": lambda rng, _: {**pool_params(rng), "count_include_pad": rng.random() < 0.5},
        "adaptive_avg_pool2d": lambda rng, _: {"output_size": rng.choice([[1, 1], pair(rng, 1, 7)])},
        "zero_pad2d": lambda rng, _: {side: rng.randint(0, 3) for side in ("left", "right", "top", "bottom")},
        "linear": lambda rng, _: {"out_features": rng.randint(2, 20), "bias": rng.random() < 0.7},
        "dropout": lambda rng, _: optional(rng, p=0.3),
        "dropout2d": lambda rng, _: optional(rng, p=0.2),
        "leaky_relu": lambda rng, _: optional(rng, negative_slope=0.3),
        "prelu": lambda rng, _: optional(rng, per_channel=rng.random() < 0.7, init=0.1),
        "elu": lambda rng, _: optional(rng, alpha=1.6),
        "gelu": lambda rng, _: optional(rng, approximate=rng.choice(["none", "tanh"])),
    }
    return makers[kind](rng, shape) if kind in makers else {}


class Draft:
    """A network while it is drawn."""

    def __init__(self, rng):
        self.rng = rng
        self.model = Network()
        # Kinds that were drawn, without those that only lead to them or close the network.
        self.kinds = []
        size = {"height": rng.randint(3, 11), "width": rng.randint(3, 11), "channels": rng.randint(1, 6)}
        self.add("input", [], size)

    def add(self, kind, inputs, params):
        """The new layer's id, or None where torch refuses it or its output is too large."""
        layer_id = f"{kind}_{len(self.model.nodes)}" if inputs else "input"
        try:
            shape = self.model.grow({"id": layer_id, "kind": kind, "params": params, "inputs": inputs})
        except (RuntimeError, ValueError):
            return None
        count = 1
        for size in shape:
            count *= size
        # Some of its float32 kernels give empty pictures where there should be none.
        if not 0 < count <= LARGEST_OUTPUT or max(shape[1:], default=1) > LARGEST_SIDE:
            self.model.take_back(layer_id)
            return None
        return layer_id

    def ids(self):
        return [node["id"] for node in self.model.nodes]

    def ends(self):
        consumed = {source for node in self.model.nodes for source in node["inputs"]}
        return [layer_id for layer_id in self.ids() if layer_id not in consumed]

    def source(self):
        """Mostly where the network ends so far, else a branch off any layer."""
        return self.rng.choice(self.ends() if self.rng.random() < 0.8 else self.ids())

    def try_kind(self, kind):
        source = self.source()
        shape = self.model.shape(source)
        if (kind in PICTURE_KINDS and len(shape) != 3) or (kind == "linear" and len(shape) == 3):
            return
        # All ones, and noise once it is normalised.
        if kind == "softmax" and shape[0] == 1:
            return
        if kind == "excitation":
            added = self.excite(source, shape)
        elif kind in MERGES:
            added = self.merge(kind, source)
        else:
            added = self.add(kind, [source], params_of(self.rng, kind, shape))
        if added:
            self.kinds.append(kind)

    def merge(self, kind, source):
        """With other layers that fit, rarely with itself."""
        shape = self.model.shape(source)

        def fits(other):
            if kind == "concatenate":
                return len(other) == len(shape) and other[1:] == shape[1:]
            return other == shape

        others = [other for other in self.ids() if fits(self.model.shape(other)) and other != source]
        if self.rng.random() < 0.15:
            others.append(source)
        if not others:
            return None
        chosen = [source, *(self.rng.choice(others) for _ in range(self.rng.randint(1, 3)))]
        self.rng.shuffle(chosen)
        return self.add(kind, chosen, {})

    def excite(self, source, shape):
        """A factor for each channel, flat or as a picture of one place, on either side."""
        if self.rng.random() < 0.5:
            squeezed = self.add("global_avg_pool", [source], {})
            mixed = self.add("linear", [squeezed], {"out_features": shape[0], "bias": self.rng.random() < 0.5})
        else:
            squeezed = self.add("adaptive_avg_pool2d", [source], {})
            mixed = self.add("conv2d", [squeezed], {"out_channels": shape[0], "kernel_size": [1, 1]})
        gate = self.add(self.rng.choice(["sigmoid", "tanh"]), [mixed], {})
        return self.add("multiply", self.rng.sample([gate, source], 2), {})

    def close(self):
        """Joins all ends to one and adds the classifier."""
        flat = []
        for end in self.ends():
            while len(self.model.shape(end)) != 1:
                kind = self.rng.choice(["flatten", "flatten", "global_avg_pool", "reshape"])
                end = self.add(kind, [end], {"shape": [-1]} if kind == "reshape" else {})
            flat.append(end)
        joined = self.add("concatenate", flat, {}) if len(flat) > 1 else flat[0]
        if joined:
            self.add("linear", [joined], {"out_features": CLASSES, **optional(self.rng, bias=self.rng.random() < 0.5)})
        return joined is not None


def draw(rng, used):
    """A model of 5 or more layers. `used` counts the kinds so far; rare ones are preferred, and it is added to."""
    while True:
        draft = Draft(rng)
        wanted = rng.randint(5, 12)
        if rng.random() < 0.5:
            draft.try_kind("conv2d")
        for _ in range(300):
            if len(draft.kinds) >= wanted:
                break
            candidates = rng.sample(PICTURE_KINDS + ANY_KINDS, 3)
            draft.try_kind(min(candidates, key=lambda kind: used[kind] / WEIGHTS.get(kind, 1)))
        if draft.close():
            for kind in draft.kinds:
                used[kind] += 1
            return draft.model
