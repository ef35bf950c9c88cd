import type { LayerCategory } from '../../shared/layers/define'

/** A colour for each category, where a test needs any. */
export const layerCategories: Readonly<Record<LayerCategory, string>> = {
  input: 'blue',
  convolution: 'red',
  normalization: 'purple',
  activation: 'teal',
  pooling: 'navy',
  dense: 'orange',
  shape: 'gray',
  regularization: 'olive',
  merge: 'indigo',
}
