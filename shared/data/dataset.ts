/** Data sets whose four IDX files the app can read. */
export const datasetIds = ['mnist', 'fashion-mnist'] as const
export type DatasetId = (typeof datasetIds)[number]

export type Split = 'train' | 'test'

export interface DatasetInfo {
  readonly id: DatasetId
  readonly title: string
  /** `[height, width, channels]` */
  readonly shape: readonly [number, number, number]
  readonly classes: readonly string[]
  readonly counts: Readonly<Record<Split, number>>
}

/** Pictures in memory: uint8 NHWC, one label a picture. */
export interface LabelledImages {
  readonly count: number
  readonly shape: readonly [number, number, number]
  /** `count · height · width · channels` bytes */
  readonly images: Uint8Array
  /** `count` class numbers */
  readonly labels: Uint8Array
}

export interface Dataset {
  readonly info: DatasetInfo
  readonly train: LabelledImages
  readonly test: LabelledImages
}

/** Pixels enter every network as `(value / 255 - mean) / std`; the same numbers go into exported code. */
export const pixelMean = 0.5
export const pixelStd = 0.5
