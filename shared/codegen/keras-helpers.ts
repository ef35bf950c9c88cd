/**
 * Python functions that a Keras program defines where it needs them, for what Keras has no layer for with PyTorch's
 * meaning. Each is found by its name in the program's lines.
 */
export interface KerasHelper {
  readonly name: string
  /** Helpers that it calls. */
  readonly needs: readonly string[]
  readonly text: string
}

const maxPool: KerasHelper = {
  name: 'max_pool2d',
  needs: [],
  text: `def max_pool2d(x, kernel, stride, padding, dilation=(1, 1), name=None):
    """Max pooling whose padding counts as minus infinity, with dilation."""
    x = keras.ops.pad(x, ((0, 0), *padding, (0, 0)), constant_values=-np.inf)
    if dilation == (1, 1):
        return layers.MaxPooling2D(kernel, stride, name=name)(x)
    rows, columns = (
        [slice(i * d, n - d * (k - 1) + i * d, s) for i in range(k)]
        for n, k, s, d in zip(x.shape[1:3], kernel, stride, dilation)
    )
    x = maximum([x[:, row] for row in rows], f"{name}-rows")
    return maximum([x[:, :, column] for column in columns], name)


def maximum(values, name):
    return layers.Maximum(name=name)(values) if len(values) > 1 else values[0]`,
}

const avgPool: KerasHelper = {
  name: 'avg_pool2d',
  needs: [],
  text: `def avg_pool2d(x, kernel, stride, padding, excess=(0, 0), count_padding=True):
    """Means of windows, divided by the places that count as in PyTorch."""
    counts, sides = [], []
    for n, k, s, p, e in zip(x.shape[1:3], kernel, stride, padding, excess):
        places = np.pad(np.ones(n), p, constant_values=float(count_padding))
        places = np.pad(places, (0, e))
        starts = range(0, len(places) - k + 1, s)
        counts.append([places[i : i + k].sum() for i in starts])
        sides.append((p, p + e))
    x = keras.ops.pad(x, ((0, 0), *sides, (0, 0)))
    x = layers.AveragePooling2D(kernel, stride)(x)
    factors = kernel[0] * kernel[1] / np.outer(*counts)
    return x * factors.astype("float32")[None, :, :, None]`,
}

const mapAxes: KerasHelper = {
  name: 'map_axes',
  needs: [],
  text: `def map_axes(x, rows, columns):
    """Multiplies height and width by matrices [out, in]."""
    x = keras.ops.einsum("oh,bhwc->bowc", rows.astype("float32"), x)
    return keras.ops.einsum("ow,bhwc->bhoc", columns.astype("float32"), x)`,
}

const adaptiveAvgPool: KerasHelper = {
  name: 'adaptive_avg_pool2d',
  needs: ['map_axes'],
  text: `def adaptive_avg_pool2d(x, size):
    """Means of bins that may overlap, as torch.nn.AdaptiveAvgPool2d."""

    def bins(n, out):
        matrix = np.zeros((out, n))
        for i in range(out):
            start, end = i * n // out, -(-(i + 1) * n // out)
            matrix[i, start:end] = 1 / (end - start)
        return matrix

    return map_axes(x, bins(x.shape[1], size[0]), bins(x.shape[2], size[1]))`,
}

const resizeNearest: KerasHelper = {
  name: 'resize_nearest',
  needs: [],
  text: `def resize_nearest(x, size):
    """Copies the nearest place as torch.nn.functional.interpolate does."""
    for axis, out in enumerate(size, start=1):
        n = x.shape[axis]
        scale = np.float32(n / out)
        places = np.floor(np.arange(out, dtype="float32") * scale).astype("int32")
        x = keras.ops.take(x, np.minimum(places, n - 1), axis=axis)
    return x`,
}

const resizeBilinear: KerasHelper = {
  name: 'resize_bilinear',
  needs: ['map_axes'],
  text: `def resize_bilinear(x, size, align_corners=False):
    """Bilinear as torch.nn.functional.interpolate does it."""

    def weights(n, out):
        places = np.arange(out, dtype="float32")
        if align_corners:
            places = places * np.float32((n - 1) / max(out - 1, 1))
        else:
            places = np.maximum((places + 0.5) * np.float32(n / out) - 0.5, 0)
        low = np.minimum(np.floor(places).astype(int), n - 1)
        share = np.clip(places - low, 0, 1)
        matrix = np.zeros((out, n))
        np.add.at(matrix, (np.arange(out), low), 1 - share)
        np.add.at(matrix, (np.arange(out), np.minimum(low + 1, n - 1)), share)
        return matrix

    return map_axes(x, weights(x.shape[1], size[0]), weights(x.shape[2], size[1]))`,
}

const transposed: KerasHelper = {
  name: 'GroupedConv2DTranspose',
  needs: [],
  text: `@keras.saving.register_keras_serializable()
class GroupedConv2DTranspose(layers.Layer):
    """torch.nn.ConvTranspose2d with groups, or with stride and dilation at once.

    A convolution with the turned kernel over the picture spread by zeros.
    """

    def __init__(self, filters, kernel_size, strides, padding, **options):
        self.output_padding = tuple(options.pop("output_padding"))
        self.dilation_rate = tuple(options.pop("dilation_rate"))
        self.groups = options.pop("groups")
        self.use_bias = options.pop("use_bias", True)
        super().__init__(**options)
        self.filters, self.kernel_size = filters, tuple(kernel_size)
        self.strides, self.padding = tuple(strides), tuple(padding)

    def build(self, shape):
        kernel = (*self.kernel_size, shape[-1] // self.groups, self.filters)
        self.kernel = self.add_weight(shape=kernel, name="kernel")
        if self.use_bias:
            self.bias = self.add_weight((self.filters,), "zeros", name="bias")

    def call(self, x):
        _, height, width, channels = x.shape
        down, across = self.strides
        x = keras.ops.reshape(x, (-1, height, 1, width, 1, channels))
        spread = ((0, 0), (0, 0), (0, down - 1), (0, 0), (0, across - 1), (0, 0))
        x = keras.ops.pad(x, spread)
        x = keras.ops.reshape(x, (-1, height * down, width * across, channels))
        sides = [(0, 0)]
        for axis in (0, 1):
            span = self.dilation_rate[axis] * (self.kernel_size[axis] - 1)
            before = span - self.padding[axis]
            after = before + self.output_padding[axis] - self.strides[axis] + 1
            sides.append((before, after))
        x = keras.ops.pad(x, [(max(a, 0), max(b, 0)) for a, b in (*sides, (0, 0))])
        rows, columns = (slice(max(-a, 0), min(b, 0) or None) for a, b in sides[1:])
        x = x[:, rows, columns]
        x = keras.ops.conv(x, self.kernel, dilation_rate=self.dilation_rate)
        return x + self.bias if self.use_bias else x

    def get_config(self):
        names = "filters kernel_size strides padding output_padding dilation_rate"
        names = [*names.split(), "groups", "use_bias"]
        return {**super().get_config(), **{name: getattr(self, name) for name in names}}`,
}

const helpers: readonly KerasHelper[] = [
  maxPool,
  avgPool,
  mapAxes,
  adaptiveAvgPool,
  resizeNearest,
  resizeBilinear,
  transposed,
]

/** Names that the operations of these helpers and of slicing take for themselves, which no layer may have then. */
export const operationNames = /^(pad|get_item|multiply|einsum|take|gelu|reshape|conv|average_pooling2d)(_\d+)?$/

/** The helpers that these lines call, those that a helper needs before it. */
export function neededHelpers(lines: string): readonly KerasHelper[] {
  const called = helpers.filter(({ name }) => lines.includes(`${name}(`)).map(({ name }) => name)
  const wanted = new Set(called.flatMap((name) => [name, ...(helpers.find((h) => h.name === name)?.needs ?? [])]))
  return helpers.filter(({ name }) => wanted.has(name))
}
