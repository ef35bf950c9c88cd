"""The networks and settings that the golden files cover. Imported by make_golden.py."""

from documents import layer, network
from kind_cases import kind_networks


def reference(size, channels, features, classes=10):
    """The reference network with other sizes."""
    layers = []
    for number, out in enumerate(channels, start=1):
        layers += [
            layer(f"conv{number}", "conv2d", out_channels=out, kernel_size=[3, 3]),
            layer(f"bn{number}", "batch_norm2d"),
            layer(f"relu{number}", "relu"),
            layer(f"pool{number}", "max_pool2d", kernel_size=[2, 2], stride=[2, 2]),
        ]
    layers.append(layer("flatten", "flatten"))
    for number, out in enumerate(features, start=1):
        layers += [layer(f"fc{number}", "linear", out_features=out), layer(f"relu{len(channels) + number}", "relu")]
    layers.append(layer(f"fc{len(features) + 1}", "linear", out_features=classes))
    return network("Reference CNN", size, layers)


def small():
    return reference((17, 15, 1), [9, 17], [33, 21])


SGD = {"type": "sgd", "weight_decay": 0}
ADAM = {"type": "adam", "beta1": 0.9, "beta2": 0.999, "eps": 1e-8, "weight_decay": 0}
CROSS_ENTROPY = {"type": "cross-entropy", "label_smoothing": 0}
BATCHES = [8, 8, 8, 8, 3]


def case(name, document, optimizer=SGD, rate=0.05, loss=CROSS_ENTROPY, batches=BATCHES, **extra):
    return {
        "name": name,
        "network": document,
        "optimizer": optimizer,
        "learning_rate": rate,
        "loss": loss,
        "batch_sizes": batches,
        **extra,
    }


def optimizer_cases():
    momentum = {"momentum": 0.9, "weight_decay": 0}
    rmsprop = {"type": "rmsprop", "alpha": 0.99, "eps": 1e-8, "weight_decay": 0}
    return [
        case("sgd", small()),
        case("sgd-decay", small(), {**SGD, "weight_decay": 0.02}),
        case("momentum", small(), {"type": "momentum", **momentum}, 0.02),
        case("momentum-decay", small(), {"type": "momentum", "momentum": 0.7, "weight_decay": 0.01}, 0.02),
        case("nesterov", small(), {"type": "nesterov", **momentum}, 0.02),
        case("nesterov-decay", small(), {"type": "nesterov", "momentum": 0.8, "weight_decay": 0.01}, 0.02),
        case("adam", small(), ADAM, 1e-3),
        case("adam-decay", small(), {**ADAM, "beta1": 0.8, "beta2": 0.99, "weight_decay": 0.01}, 2e-3),
        # A large eps shows where it stands in the formula.
        case("adam-eps", small(), {**ADAM, "eps": 1e-2}, 1e-2),
        case("adamw", small(), {**ADAM, "type": "adamw", "weight_decay": 0.01}, 1e-3),
        case("adamw-strong", small(), {**ADAM, "type": "adamw", "eps": 1e-4, "weight_decay": 0.5}, 5e-3),
        case("rmsprop", small(), rmsprop, 1e-3),
        case("rmsprop-eps", small(), {**rmsprop, "alpha": 0.9, "eps": 1e-2, "weight_decay": 0.01}, 1e-3),
    ]


def loss_cases():
    return [
        case("label-smoothing", small(), loss={**CROSS_ENTROPY, "label_smoothing": 0.1}),
        case("mse", small(), loss={"type": "mse"}),
        case("mse-adam", small(), ADAM, 1e-3, loss={"type": "mse"}),
        case("batch-of-one", small(), ADAM, 1e-3, batches=[1, 4, 1, 2, 1]),
    ]


def shape_cases():
    strided = network("Strided", (7, 11, 3), [
        layer("conv1", "conv2d", out_channels=33, kernel_size=[3, 2], stride=[2, 1], padding=[1, 2], dilation=[1, 2]),
        layer("bn1", "batch_norm2d"),
        layer("relu1", "relu"),
        layer("pool1", "max_pool2d", kernel_size=[3, 3], stride=[2, 2], padding=[1, 1]),
        layer("conv2", "conv2d", out_channels=5, kernel_size=[1, 1], stride=[1, 2]),
        layer("relu2", "relu"),
        layer("flatten", "flatten"),
        layer("fc", "linear", out_features=6),
    ])
    same = network("Same", (13, 9, 1), [
        layer("conv1", "conv2d", out_channels=17, kernel_size=[4, 3], padding="same", dilation=[1, 2]),
        layer("relu1", "relu"),
        layer("bn1", "batch_norm2d"),
        layer("pool1", "max_pool2d", kernel_size=[2, 3], stride=[1, 2], padding=[1, 1], dilation=[2, 1]),
        layer("conv2", "conv2d", out_channels=5, kernel_size=[2, 2], padding="same", bias=False),
        layer("bn2", "batch_norm2d", eps=1e-3, momentum=0.3),
        layer("pool2", "max_pool2d", kernel_size=[2, 2], stride=[3, 3]),
        layer("relu2", "relu"),
        layer("flatten", "flatten"),
        layer("fc", "linear", out_features=7, bias=False),
    ])
    groups = network("Groups", (8, 9, 6), [
        layer("conv1", "conv2d", out_channels=12, kernel_size=[3, 3], groups=3),
        layer("bn1", "batch_norm2d", affine=False),
        layer("relu1", "relu"),
        layer("depthwise", "conv2d", out_channels=12, kernel_size=[3, 3], padding=[1, 1], stride=[2, 2], groups=12),
        layer("bn2", "batch_norm2d"),
        layer("relu2", "relu"),
        layer("widen", "conv2d", out_channels=24, kernel_size=[2, 2], padding="same", dilation=[2, 1], groups=12),
        layer("relu3", "relu"),
        layer("flatten", "flatten"),
        layer("fc", "linear", out_features=10),
    ])
    # Rows and columns are left over here on every level.
    plain = network("Without batch normalisation", (11, 14, 2), [
        layer("conv1", "conv2d", out_channels=5, kernel_size=[5, 3], stride=[2, 3], padding=[2, 1]),
        layer("relu1", "relu"),
        layer("conv2", "conv2d", out_channels=16, kernel_size=[3, 3], padding=[1, 1]),
        layer("pool2", "max_pool2d", kernel_size=[3, 2], stride=[1, 1], padding=[1, 0], dilation=[1, 2]),
        layer("relu2", "relu"),
        layer("flatten", "flatten"),
        layer("fc1", "linear", out_features=12),
        layer("relu3", "relu"),
        layer("fc2", "linear", out_features=10),
    ])
    norms = network("Normalised everywhere", (9, 10, 3), [
        layer("bn0", "batch_norm2d"),
        layer("conv1", "conv2d", out_channels=17, kernel_size=[3, 3], bias=False),
        layer("bn1", "batch_norm2d", momentum=0.5),
        layer("pool1", "max_pool2d", kernel_size=[2, 2], stride=[2, 2]),
        layer("relu1", "relu"),
        layer("bn2", "batch_norm2d", affine=False, eps=1e-2),
        layer("conv2", "conv2d", out_channels=8, kernel_size=[3, 4]),
        layer("bn3", "batch_norm2d"),
        layer("relu2", "relu"),
        layer("flatten", "flatten"),
        layer("fc", "linear", out_features=10),
    ])
    pool_first = network("Pool, then normalise", (12, 12, 1), [
        layer("conv1", "conv2d", out_channels=25, kernel_size=[3, 3]),
        layer("pool1", "max_pool2d", kernel_size=[3, 3], stride=[3, 3], padding=[1, 1]),
        layer("bn1", "batch_norm2d"),
        layer("relu1", "relu"),
        layer("conv2", "conv2d", out_channels=50, kernel_size=[3, 3], padding=[1, 1]),
        layer("bn2", "batch_norm2d"),
        layer("relu2", "relu"),
        layer("pool2", "max_pool2d", kernel_size=[2, 2], stride=[2, 2]),
        layer("flatten", "flatten"),
        layer("fc", "linear", out_features=10),
    ])
    dense = network("Only dense", (5, 4, 3), [
        layer("flatten", "flatten"),
        layer("fc1", "linear", out_features=19, bias=False),
        layer("relu1", "relu"),
        layer("fc2", "linear", out_features=10),
    ])
    convolutions = network("Flatten after a bare convolution", (6, 7, 1), [
        layer("conv1", "conv2d", out_channels=4, kernel_size=[2, 2], dilation=[3, 1]),
        layer("relu1", "relu"),
        layer("conv2", "conv2d", out_channels=3, kernel_size=[2, 3], padding=[3, 0], dilation=[2, 2]),
        layer("flatten", "flatten"),
        layer("fc", "linear", out_features=10),
    ])
    no_decay = {"momentum": 0.9, "weight_decay": 0}
    return [
        case("strided", strided),
        case("strided-adam", strided, ADAM, 1e-3),
        case("same", same, {"type": "momentum", **no_decay}, 0.02),
        case("same-one", same, batches=[2, 1, 3, 1, 5]),
        case("groups", groups, {"type": "nesterov", **no_decay}, 0.02),
        case("plain", plain, ADAM, 1e-3),
        case("norms", norms),
        case("pool-first", pool_first),
        case("dense", dense, ADAM, 1e-3),
        case("convolutions", convolutions, batches=[5, 5, 5, 5, 1]),
    ]


def kind_cases():
    """Networks that between them hold every kind of layer with all of its parameters."""
    momentum = {"type": "momentum", "momentum": 0.9, "weight_decay": 0}
    settings = [(SGD, 0.05), (momentum, 0.02), ({**ADAM, "eps": 1e-4}, 1e-3)]
    networks = kind_networks()
    return [case(name, document, *settings[at % len(settings)]) for at, (name, document) in enumerate(networks.items())]


def clip_cases():
    """Bounds that some steps exceed."""
    momentum = {"type": "momentum", "momentum": 0.9, "weight_decay": 0}
    rmsprop = {"type": "rmsprop", "alpha": 0.9, "eps": 1e-2, "weight_decay": 0.01}
    return [
        case("clip-sgd", small(), clip_norm=0.75),
        case("clip-momentum", small(), momentum, 0.02, clip_norm=0.5),
        case("clip-nesterov-decay", small(), {**momentum, "type": "nesterov", "weight_decay": 0.01}, 0.02, clip_norm=0.7),
        case("clip-adam", small(), {**ADAM, "eps": 1e-4}, 1e-3, clip_norm=0.73),
        case("clip-adamw", small(), {**ADAM, "type": "adamw", "eps": 1e-4, "weight_decay": 0.5}, 5e-3, clip_norm=0.3),
        case("clip-rmsprop", small(), rmsprop, 1e-3, clip_norm=0.71),
        # Nothing is clipped.
        case("clip-loose", small(), momentum, 0.02, clip_norm=1e6),
    ]


def class_weight_cases():
    weights = [0.2, 1.0, 3.5, 0.7, 1.3, 0.0, 2.2, 0.9, 5.0, 0.4]
    smooth = {**CROSS_ENTROPY, "label_smoothing": 0.15}
    return [
        case("class-weights", small(), class_weights=weights),
        case("class-weights-adam", small(), {**ADAM, "eps": 1e-4}, 1e-3, class_weights=weights),
        case("class-weights-smooth", small(), loss=smooth, class_weights=weights),
        case("class-weights-clip", small(), {"type": "momentum", "momentum": 0.9, "weight_decay": 0}, 0.02, smooth,
             class_weights=weights, clip_norm=0.5),
    ]


def all_cases():
    full = reference((28, 28, 1), [25, 50], [1024, 128])
    return [
        *optimizer_cases(),
        *loss_cases(),
        *shape_cases(),
        case("reference", full, {"type": "momentum", "momentum": 0.9, "weight_decay": 0}, 0.02, batches=[4, 4, 4, 4, 3]),
        # With eps 1e-8 some of the 1.28 million gradients are so small that float32 cannot tell their sign.
        case("reference-adam", full, {**ADAM, "eps": 1e-4}, 1e-3, batches=[4, 4, 4, 4, 3]),
        *kind_cases(),
        *clip_cases(),
        *class_weight_cases(),
    ]
