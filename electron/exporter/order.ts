import { asImage, type Shape } from '../../shared/network/shape'

/** Pictures NHWC to NCHW, as a copy; flat values stay as they are. */
export function channelsFirst(values: Float32Array, count: number, shape: Shape): Float32Array {
  const image = asImage(shape)
  if (!image) return values.slice()
  const places = image.height * image.width
  const turned = new Float32Array(values.length)
  for (let picture = 0; picture < count; picture++) {
    const begin = picture * places * image.channels
    for (let place = 0; place < places; place++) {
      for (let channel = 0; channel < image.channels; channel++) {
        turned[begin + channel * places + place] = values[begin + place * image.channels + channel] ?? 0
      }
    }
  }
  return turned
}
