import { z } from 'zod'

export const networkFormat = 'convscope.network'
export const networkVersion = 1

/** Layer ids become attribute names in PyTorch (`conv1.weight`), so they are identifiers. */
export const layerIdSchema = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'a layer id is a letter or _ followed by letters, digits or _')
  .max(64)

export const layerNodeSchema = z.strictObject({
  id: layerIdSchema,
  kind: z.string().min(1),
  /** Checked by the layer kind's own schema; missing ones take that kind's defaults. */
  params: z.record(z.string(), z.unknown()).default({}),
  /** Ids of the layers whose outputs enter here, in order. */
  inputs: z.array(layerIdSchema).default([]),
  /** A name for people; the id where absent. */
  label: z.string().max(120).optional(),
  /** Where the layer stands on the canvas, in canvas units; laid out automatically where absent. */
  position: z.strictObject({ x: z.number(), y: z.number() }).optional(),
})

/** Layers that stand for a block: `repeat` copies of them in a chain. See `expandGroups`. */
export const layerGroupSchema = z.strictObject({
  id: layerIdSchema,
  /** A name for people; the id where absent. */
  label: z.string().max(120).optional(),
  layers: z.array(layerIdSchema).min(1),
  repeat: z.int().min(1).max(1000).default(1),
})

export const networkDocumentSchema = z.strictObject({
  format: z.literal(networkFormat),
  version: z.literal(networkVersion),
  name: z.string().min(1).max(200),
  layers: z.array(layerNodeSchema).min(1),
  groups: z.array(layerGroupSchema).optional(),
})

export type LayerNode = z.infer<typeof layerNodeSchema>
export type LayerGroup = z.infer<typeof layerGroupSchema>
export type NetworkDocument = z.infer<typeof networkDocumentSchema>
