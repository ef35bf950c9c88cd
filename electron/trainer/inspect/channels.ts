import { asImage, elementCount, type Shape } from '../../../shared/network/shape'

/** A layer's output as maps: a layer of features has one place, and each feature is a channel. */
export interface MapSize {
  readonly height: number
  readonly width: number
  readonly channels: number
}

export function mapSize(shape: Shape): MapSize {
  return asImage(shape) ?? { height: 1, width: 1, channels: elementCount(shape) }
}

/** Channels `first` up to `first + count` of one picture's HWC values, as `[count, height, width]`. */
export function channelsOf(values: Float32Array, size: MapSize, first: number, count: number): Float32Array {
  const { channels } = size
  const places = size.height * size.width
  const maps = new Float32Array(count * places)
  for (let channel = 0; channel < count; channel++) {
    for (let place = 0; place < places; place++) {
      maps[channel * places + place] = values[place * channels + first + channel]!
    }
  }
  return maps
}
