import { z } from 'zod'

/** A picture to look at: one of the run's data set, or any bytes of the network's input size. */
export const pictureSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('dataset'), split: z.enum(['train', 'test']), index: z.int().min(0) }),
  /** uint8 HWC, 0 to 255, of the network's input shape; normalised as every picture of the data set is. */
  z.strictObject({ type: z.literal('bytes'), values: z.instanceof(Uint8Array) }),
])
export type Picture = z.infer<typeof pictureSchema>

const split = z.enum(['train', 'test'])
const layer = z.string().min(1)
const channel = z.int().min(0)
const classIndex = z.int().min(0)

export const attributionMethods = ['gradCam', 'saliency', 'integratedGradients', 'occlusion'] as const
export const matchMeasures = ['activation', 'cosine'] as const

/** All that can be asked of a network's inside. Layers are named by their ids in the flat network (groups expanded). */
export const inspectQuerySchema = z.discriminatedUnion('type', [
  /** Scores, statistics of every layer, and the maps of the channels asked for. */
  z.strictObject({
    type: z.literal('activations'),
    picture: pictureSchema,
    pages: z.array(z.strictObject({ layer, first: channel, count: z.int().min(1).max(1024) })).max(64),
  }),
  /** Everything one convolution (Conv2d) sees, holds and gives for a picture. */
  z.strictObject({ type: z.literal('convolution'), picture: pictureSchema, layer }),
  /** A layer's weight as a kernel grid: `[out, in/groups, kh, kw]`. */
  z.strictObject({ type: z.literal('kernels'), layer }),
  /** How much each place of the picture speaks for a class. */
  z.strictObject({
    type: z.literal('attribution'),
    picture: pictureSchema,
    class: classIndex,
    method: z.enum(attributionMethods),
    /** Grad-CAM only: the layer whose maps are weighed; null takes the last one with maps, before pooling makes them coarser. */
    layer: layer.nullable(),
    /** Integrated gradients only: points of the path from the black picture. */
    steps: z.int().min(2).max(512),
    /** Occlusion only: side of the grey square, and how far it moves, in pixels. */
    patch: z.int().min(1),
    stride: z.int().min(1),
  }),
  /**
   * A picture that excites one feature, or one channel on the mean over its map, as much as it can; progress carries the picture
   * so far.
   */
  z.strictObject({
    type: z.literal('maximise'),
    layer,
    channel,
    iterations: z.int().min(1).max(2048),
    /** Step along the normalised gradient, in units of the pixel range 0..1. */
    stepSize: z.number().positive().max(1),
    /** Weight decay towards grey, per iteration. */
    decay: z.number().min(0).max(1),
    /** Standard deviation, in pixels, of the blur every fourth iteration; 0 for none. */
    blur: z.number().min(0).max(5),
    /** Largest random shift, in pixels, per iteration. */
    jitter: z.int().min(0).max(16),
    seed: z.int().min(0),
  }),
  /** Per channel the patches of the data set that it answers most (and least) strongly. */
  z.strictObject({
    type: z.literal('topPatches'),
    layer,
    /** Null for all channels of the layer. */
    channels: z.array(channel).max(4096).nullable(),
    split,
    /** The first `limit` pictures of the split; null for all. */
    limit: z.int().min(1).nullable(),
    count: z.int().min(1).max(64),
    /** `cosine`: similarity of window and kernel, for convolutions only. */
    measure: z.enum(matchMeasures),
    /** Also the patches at the other end. */
    worst: z.boolean(),
  }),
  /** How well one kernel of a convolution matches each window of the picture. */
  z.strictObject({ type: z.literal('matching'), picture: pictureSchema, layer, channel }),
  /** Logits and losses over a split, from which the views of mistakes are made. */
  z.strictObject({ type: z.literal('predictions'), split, limit: z.int().min(1).nullable() }),
  /** The last hidden layer's features, of `count` pictures that the seed chooses, in two dimensions by UMAP. */
  z.strictObject({
    type: z.literal('embedding'),
    split,
    count: z.int().min(10).max(20_000),
    neighbours: z.int().min(2).max(200),
    minDistance: z.number().min(0).max(1),
    seed: z.int().min(0),
  }),
])
export type InspectQuery = z.infer<typeof inspectQuerySchema>
export type InspectQueryType = InspectQuery['type']
export type QueryOf<Type extends InspectQueryType> = Extract<InspectQuery, { readonly type: Type }>
