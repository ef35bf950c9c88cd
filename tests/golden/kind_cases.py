"""Networks that between them hold every kind of layer with all of its parameters, some with branches."""

from documents import layer, network


def conv(layer_id, out_channels=8, inputs=None, **params):
    return layer(layer_id, "conv2d", inputs, **{"out_channels": out_channels, "kernel_size": [3, 3], **params})


def head(inputs=None, features=10):
    return [layer("flatten", "flatten", inputs), layer("fc", "linear", out_features=features)]


def transposed():
    return network("Transposed convolutions", (4, 3, 5), [
        layer("up1", "conv_transpose2d", out_channels=6, kernel_size=[2, 2], stride=[2, 2]),
        layer("bn1", "batch_norm2d"),
        layer("relu1", "relu"),
        layer(
            "up2", "conv_transpose2d", out_channels=4, kernel_size=[3, 2], stride=[1, 2], padding=[2, 1],
            output_padding=[1, 2], dilation=[2, 3], groups=2, bias=False,
        ),
        layer("relu2", "relu"),
        # More output padding than padding, and a stride that leaves gaps in its result.
        layer(
            "up3", "conv_transpose2d", out_channels=8, kernel_size=[1, 2], stride=[3, 1], padding=[0, 1],
            output_padding=[2, 1], dilation=[1, 2], groups=4,
        ),
        layer("relu3", "relu"),
        layer("pool", "max_pool2d", kernel_size=[3, 3], stride=[3, 3], ceil_mode=True),
        *head(),
    ])


def separable():
    return network("Separable convolutions", (9, 8, 3), [
        layer("sep1", "separable_conv2d", out_channels=10, kernel_size=[3, 2], padding="same", dilation=[1, 3],
              depth_multiplier=3),
        layer("bn1", "batch_norm2d"),
        layer("relu1", "relu"),
        layer("sep2", "separable_conv2d", out_channels=7, kernel_size=[2, 3], stride=[2, 1], padding=[1, 2], bias=False),
        layer("relu2", "relu"),
        layer("sep3", "separable_conv2d", out_channels=4, kernel_size=[1, 2], stride=[1, 2], padding="valid",
              dilation=[2, 2]),
        *head(),
    ])


def layer_norm():
    return network("Layer normalisation", (6, 5, 2), [
        layer("ln0", "layer_norm", elementwise_affine=False),
        conv("conv1", padding=[1, 1]),
        layer("ln1", "layer_norm"),
        layer("relu1", "relu"),
        conv("conv2", 4),
        layer("ln2", "layer_norm", eps=1e-2, bias=False),
        layer("relu2", "relu"),
        layer("flatten", "flatten"),
        layer("fc1", "linear", out_features=14),
        layer("ln3", "layer_norm", eps=1e-3),
        layer("relu3", "relu"),
        layer("fc2", "linear", out_features=10),
    ])


def group_norm():
    return network("Group normalisation", (7, 6, 6), [
        layer("gn0", "group_norm", num_groups=3, affine=False),
        conv("conv1", 12, bias=False, padding="same"),
        layer("gn1", "group_norm", num_groups=4, eps=1e-3),
        layer("relu1", "relu"),
        conv("conv2", 5, stride=[2, 1]),
        layer("gn2", "group_norm", num_groups=5),
        layer("relu2", "relu"),
        conv("conv3", 4, kernel_size=[2, 1]),
        layer("gn3", "group_norm"),
        *head(),
    ])


def pooling():
    return network("Pooling", (15, 13, 2), [
        conv("conv1", 5),
        layer("avg1", "avg_pool2d", kernel_size=[3, 2], stride=[1, 1], padding=[1, 1]),
        layer("relu1", "relu"),
        layer("avg2", "avg_pool2d", kernel_size=[3, 4], stride=[2, 3], padding=[1, 2], ceil_mode=True,
              count_include_pad=False),
        conv("conv2", 6, padding=[2, 2]),
        layer("max1", "max_pool2d", kernel_size=[2, 3], stride=[2, 2], padding=[0, 1], dilation=[2, 1], ceil_mode=True),
        layer("avg3", "avg_pool2d", kernel_size=[2, 2], stride=[3, 2], padding=[1, 0], ceil_mode=True),
        *head(),
    ])


def bins():
    return network("Bins", (7, 10, 3), [
        conv("conv1", 6, padding=[1, 1]),
        layer("relu1", "relu"),
        layer("adaptive1", "adaptive_avg_pool2d", output_size=[3, 4], inputs=["relu1"]),
        conv("conv2", 6, padding=[1, 1]),
        layer("relu2", "relu"),
        # More bins than rows.
        layer("adaptive2", "adaptive_avg_pool2d", output_size=[5, 2]),
        layer("flatten", "flatten"),
        layer("global", "global_avg_pool", ["relu1"]),
        layer("one", "adaptive_avg_pool2d", ["conv2"], output_size=[1, 1]),
        layer("flat_one", "reshape", shape=[-1]),
        layer("joined", "concatenate", ["flatten", "global", "flat_one"]),
        layer("fc", "linear", out_features=10),
    ])


def activations():
    return network("Activations", (6, 6, 2), [
        conv("conv1", padding=[1, 1]),
        layer("leaky", "leaky_relu", negative_slope=0.2),
        conv("conv2", padding=[1, 1], groups=4),
        layer("prelu1", "prelu"),
        conv("conv3", padding=[1, 1]),
        layer("prelu2", "prelu", per_channel=True, init=0.1),
        conv("conv4", kernel_size=[1, 1]),
        layer("elu", "elu", alpha=1.4),
        conv("conv5", kernel_size=[1, 1]),
        layer("silu", "silu"),
        conv("conv6"),
        layer("gelu1", "gelu"),
        conv("conv7"),
        layer("gelu2", "gelu", approximate="tanh"),
        *head(),
    ])


def squashing():
    return network("Squashing activations", (5, 4, 3), [
        conv("conv1", 6, padding=[1, 1]),
        layer("tanh1", "tanh"),
        conv("conv2", 7, padding=[1, 1]),
        layer("softmax1", "softmax"),
        conv("conv3", 5),
        layer("sigmoid", "sigmoid"),
        layer("drop", "dropout2d", p=0),
        layer("flatten", "flatten"),
        layer("fc1", "linear", out_features=12),
        layer("prelu", "prelu", per_channel=True),
        layer("fc2", "linear", out_features=9),
        layer("softmax2", "softmax"),
        layer("dropout", "dropout", p=0),
        layer("fc3", "linear", out_features=8),
        layer("elu", "elu"),
        layer("fc4", "linear", out_features=6),
    ])


def resizing():
    return network("Resizing", (5, 4, 2), [
        conv("conv1", 4, padding=[1, 1]),
        layer("up1", "upsample", scale_factor=[2, 3]),
        layer("relu1", "relu"),
        layer("pad", "zero_pad2d", left=1, right=0, top=2, bottom=3),
        conv("conv2", 4),
        layer("up2", "upsample", size=[7, 9], mode="bilinear"),
        layer("relu2", "relu"),
        conv("conv3", 4, stride=[2, 2]),
        layer("up3", "upsample", size=[4, 7], mode="bilinear", align_corners=True),
        conv("conv4", 4, stride=[1, 3], padding=[1, 1]),
        layer("up4", "upsample", size=[6, 2]),
        layer("up5", "upsample", scale_factor=[1, 2], mode="bilinear"),
        *head(),
    ])


def residual():
    return network("Residual", (8, 8, 3), [
        conv("stem", 8, padding=[1, 1]),
        layer("bn1", "batch_norm2d"),
        layer("relu1", "relu"),
        conv("conv1", 8, padding=[1, 1], bias=False),
        layer("bn2", "batch_norm2d"),
        layer("relu2", "relu"),
        conv("conv2", 8, padding=[1, 1]),
        layer("bn3", "batch_norm2d"),
        layer("add1", "add", ["bn3", "relu1"]),
        layer("relu3", "relu"),
        conv("conv3", 12, stride=[2, 2], padding=[1, 1]),
        layer("bn4", "batch_norm2d"),
        conv("shortcut", 12, ["relu3"], kernel_size=[1, 1], stride=[2, 2]),
        layer("pooled", "avg_pool2d", ["add1"], kernel_size=[2, 2], stride=[2, 2]),
        conv("widen", 12, kernel_size=[1, 1]),
        # One value twice, and three terms.
        layer("add2", "add", ["bn4", "shortcut", "bn4", "widen"]),
        layer("global", "global_avg_pool"),
        layer("fc", "linear", out_features=10),
    ])


def excitation():
    return network("Squeeze and excitation", (7, 6, 3), [
        conv("conv1", 8, padding=[1, 1]),
        layer("bn1", "batch_norm2d"),
        layer("relu1", "relu"),
        layer("squeeze", "global_avg_pool"),
        layer("fc1", "linear", out_features=4),
        layer("silu", "silu"),
        layer("fc2", "linear", out_features=8),
        layer("gate", "sigmoid"),
        layer("scaled", "multiply", ["relu1", "gate"]),
        conv("conv2", 6),
        layer("one", "adaptive_avg_pool2d"),
        conv("mix", 6, kernel_size=[1, 1]),
        layer("tanh", "tanh"),
        # The factor first, and then values of one shape, one of them twice.
        layer("scaled2", "multiply", ["tanh", "conv2"]),
        layer("squared", "multiply", ["scaled2", "conv2", "conv2"]),
        *head(),
    ])


def branches():
    return network("Branches", (6, 8, 4), [
        conv("conv1", 6, padding=[1, 1]),
        layer("relu1", "relu"),
        conv("wide", 17, ["relu1"], kernel_size=[1, 3], padding=[0, 1]),
        conv("tall", 3, ["relu1"], kernel_size=[3, 1], padding=[1, 0]),
        layer("max", "max_pool2d", ["input"], kernel_size=[3, 3], stride=[1, 1], padding=[1, 1]),
        layer("joined", "concatenate", ["wide", "max", "tall", "relu1"]),
        layer("bn", "batch_norm2d"),
        conv("conv2", 6, kernel_size=[1, 1]),
        layer("regrouped", "reshape", shape=[4, -1, 9]),
        conv("conv3", 5),
        layer("relu2", "relu"),
        layer("flat", "reshape", shape=[-1]),
        layer("fc1", "linear", out_features=24),
        layer("picture", "reshape", shape=[2, 3, 4]),
        conv("conv4", 5, padding="same", kernel_size=[2, 2]),
        *head(),
    ])


def kind_networks():
    return {
        "transposed": transposed(),
        "separable": separable(),
        "layer-norm": layer_norm(),
        "group-norm": group_norm(),
        "pooling": pooling(),
        "bins": bins(),
        "activations": activations(),
        "squashing": squashing(),
        "resizing": resizing(),
        "residual": residual(),
        "excitation": excitation(),
        "branches": branches(),
    }
