/** What a tensor is to its layer, by our weights' names. */
export type WeightRole = 'weight' | 'bias' | 'running_mean' | 'running_var' | 'depthwise.weight' | 'pointwise.weight'

/** Attributes as PyTorch, Keras, TensorFlow and others name them. */
const roles: Readonly<Record<string, WeightRole>> = {
  weight: 'weight',
  weights: 'weight',
  kernel: 'weight',
  gamma: 'weight',
  scale: 'weight',
  alpha: 'weight',
  w: 'weight',
  bias: 'bias',
  beta: 'bias',
  b: 'bias',
  running_mean: 'running_mean',
  moving_mean: 'running_mean',
  mean: 'running_mean',
  running_var: 'running_var',
  moving_variance: 'running_var',
  moving_var: 'running_var',
  variance: 'running_var',
  var: 'running_var',
  depthwise_kernel: 'depthwise.weight',
  pointwise_kernel: 'pointwise.weight',
}

export interface SplitName {
  /** With `.` between its parts. */
  readonly layer: string
  /** Null where the last part is no attribute that is known. */
  readonly role: WeightRole | null
}

/** `model/conv1/kernel:0` is the `weight` of `model.conv1`. */
export function splitName(name: string): SplitName {
  const parts = name
    .replace(/:\d+$/, '')
    .split(/[./]/)
    .filter((part) => part !== '')
  const role = roles[parts.at(-1)?.toLowerCase() ?? ''] ?? null
  return { layer: (role === null ? parts : parts.slice(0, -1)).join('.'), role }
}

/** A name without its separators, so that `features.0.weight` and our `features_0.weight` are the same. */
export function plainName(name: string): string {
  return `_${name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '_')}`
}

/** As `plainName`, of a file's tensor, with the attribute under our name. */
export function plainTensorName(name: string): string {
  const { layer, role } = splitName(name)
  return plainName(role === null ? layer : `${layer}.${role}`)
}
