import { z } from 'zod'
import type { LayerKind } from '../layers/define'
import { layerKinds } from '../layers/registry'
import { networkDocumentSchema } from './document'

/** A JSON Schema as JSON; its keywords are the standard's (draft 2020-12). */
export type JsonObject = Readonly<Record<string, unknown>>

/**
 * The JSON Schema of network documents, as files hold them: what may be left out is optional. Each layer kind's own
 * parameters are checked by its `kind`. Numbers that only make sense together (does a kernel fit?) are left to the analysis.
 */
export function networkJsonSchema(): JsonObject {
  const schema = toJson(networkDocumentSchema)
  const properties = objectAt(schema, 'properties')
  const layers = objectAt(properties, 'layers')
  const layer = objectAt(layers, 'items')
  const layerProperties = {
    ...objectAt(layer, 'properties'),
    kind: { type: 'string', enum: [...layerKinds.keys()] },
    params: { type: 'object' },
  }
  const kinds = [...layerKinds.values()].map((kind) => ({
    if: { properties: { kind: { const: kind.kind } } },
    then: { properties: { params: { $ref: `#/$defs/${kind.kind}` } } },
  }))
  return {
    ...schema,
    title: 'Convscope network',
    properties: {
      ...properties,
      layers: { ...layers, items: { ...layer, properties: layerProperties, allOf: kinds } },
    },
    $defs: Object.fromEntries([...layerKinds.values()].map((kind) => [kind.kind, paramsSchema(kind)])),
  }
}

/** The parameters of a layer kind with its help texts, which editors show. */
function paramsSchema(kind: LayerKind): JsonObject {
  const { $schema: _, ...schema } = toJson(kind.params)
  const { label, summary, fields } = kind.text.en
  const properties = Object.entries(objectAt(schema, 'properties')).map(([name, property]) => {
    const help = fields[name]?.help
    return [name, help === undefined ? property : { description: help, ...asObject(property) }]
  })
  return { title: label, description: summary, ...schema, properties: Object.fromEntries(properties) as JsonObject }
}

function toJson(schema: z.ZodType): JsonObject {
  return z.toJSONSchema(schema, { io: 'input' })
}

function objectAt(schema: JsonObject, key: string): JsonObject {
  return asObject(schema[key] ?? {})
}

function asObject(value: unknown): JsonObject {
  if (typeof value !== 'object' || value === null) throw new TypeError('a JSON Schema is not made as expected')
  return value as JsonObject
}
