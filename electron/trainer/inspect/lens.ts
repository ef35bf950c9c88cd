import type { LabelledImages, Split } from '../../../shared/data/dataset'
import { AppError } from '../../../shared/errors'
import type { NamedTensors } from '../../../shared/formats/tensors'
import type { InspectAnswer } from '../../../shared/inspect/answers'
import type { Picture } from '../../../shared/inspect/queries'
import type { AnalyzedLayer, SoundNetwork } from '../../../shared/network/analyze'
import { asImage, elementCount, formatShape, type ImageShape } from '../../../shared/network/shape'
import type { LayerValues, Probe } from '../engines/probe'
import { normalise } from '../engines/pictures'

/** What questions look through: a network with one set of weights, and its data set. */
export interface Lens {
  readonly network: SoundNetwork
  /** Holds `weights`. */
  readonly probe: Probe
  readonly weights: NamedTensors
  /** All pictures of a split. Throws `data-missing` and `data-corrupt`. */
  images(split: Split): LabelledImages
}

/** How far a long question is, told between two slices of its work. */
export interface Step {
  readonly done: number
  readonly total: number
  /** What is known so far; made only when it is sent. Null where it cannot be shown. */
  readonly partial: (() => InspectAnswer) | null
}

/** A question at work. It stops between slices, so that others come in between and it can be ended. */
export type Looking<Answer extends InspectAnswer> = Generator<Step, Answer, undefined>

export interface ChosenPicture {
  readonly bytes: Uint8Array
  /** As it enters the network: float32, normalised, HWC. */
  readonly values: Float32Array
  /** Null for an own picture. */
  readonly label: number | null
}

/** Throws `invalid-input` where bytes are of another size than the network's input, or no picture has that index. */
export function choosePicture({ network, images }: Lens, picture: Picture): ChosenPicture {
  const { shape } = network.input
  const size = elementCount(shape)
  if (picture.type === 'bytes') {
    if (picture.values.length !== size) {
      throw new AppError(
        'invalid-input',
        `The picture has ${picture.values.length} values, but the network takes ${formatShape(shape)}.`,
        { fix: `Give ${size} values.`, params: { given: picture.values.length, wanted: size } },
      )
    }
    return { bytes: picture.values, values: normalise(picture.values), label: null }
  }
  const all = images(picture.split)
  if (picture.index >= all.count) {
    throw new AppError('invalid-input', `There is no picture ${picture.index} among ${all.count}.`, {
      fix: `Choose one below ${all.count}.`,
      params: { index: picture.index, count: all.count },
    })
  }
  const bytes = all.images.subarray(picture.index * size, (picture.index + 1) * size)
  return { bytes, values: normalise(bytes), label: all.labels[picture.index] ?? null }
}

/** Throws `not-found`. */
export function requireLayer({ network }: Pick<Lens, 'network'>, layer: string): AnalyzedLayer {
  const found = network.byId.get(layer)
  if (!found) throw new AppError('not-found', `The network has no layer "${layer}".`, { params: { layer } })
  return found
}

/** A Conv2d, with the size of the picture that enters and of the one that leaves. Throws `invalid-input` for other layers. */
export function requireConv2d(
  lens: Pick<Lens, 'network'>,
  layer: string,
): { readonly layer: AnalyzedLayer; readonly input: ImageShape; readonly output: ImageShape } {
  const found = requireLayer(lens, layer)
  const [input, output] = [asImage(found.inputShapes[0] ?? []), asImage(found.shape)]
  if (found.kind.kind !== 'conv2d' || !input || !output) {
    throw new AppError('invalid-input', `The layer "${layer}" is no Conv2d.`, {
      fix: 'Choose a Conv2d layer.',
      params: { layer },
    })
  }
  return { layer: found, input, output }
}

/** Throws `invalid-input` where a layer has no such channel or feature. */
export function requireChannel(layer: AnalyzedLayer, channel: number): void {
  const channels = layer.shape.at(-1) ?? 0
  if (channel < channels) return
  throw new AppError('invalid-input', `The layer "${layer.node.id}" has ${channels} channels, so none is ${channel}.`, {
    fix: `Choose one below ${channels}.`,
    params: { layer: layer.node.id, channel, channels },
  })
}

export function valuesOf(found: ReadonlyMap<string, LayerValues>, layer: string): LayerValues {
  const values = found.get(layer)
  if (!values) throw new AppError('internal', `nothing was computed for "${layer}"`)
  return values
}
