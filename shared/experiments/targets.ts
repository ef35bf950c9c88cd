import { z } from 'zod'
import type { FieldControl } from '../layers/define'
import type { NetworkAnalysis } from '../network/analyze'
import { runConfigSchema } from '../training/config'
import type { PlanValue, Target } from './plan'

/** What a parameter can be, as far as a form must know. */
export type TargetValues =
  | { readonly type: 'integer' | 'number'; readonly min: number; readonly max: number }
  | { readonly type: 'choice'; readonly options: readonly PlanValue[] }

export interface TargetOption {
  readonly target: Target
  readonly values: TargetValues
  /** Numbers or these words, such as a padding of 1 or `same`. */
  readonly words?: readonly string[]
}

/** These do not change what is learned, or are varied in another way. */
const unvaried = ['seed', 'engine', 'checkpoint', 'histograms']

/** Every setting of a run that can be varied, in the order of the configuration. */
export function settingTargets(): TargetOption[] {
  return Object.entries(runConfigSchema.shape)
    .filter(([name]) => !unvaried.includes(name))
    .flatMap(([name, schema]) => unfold(name, schema))
}

/** Every parameter of a network's layers that can be varied. */
export function layerTargets(analysis: Pick<NetworkAnalysis, 'origins' | 'layers'>): TargetOption[] {
  const seen = new Set<string>()
  return analysis.layers.flatMap(({ node, kind }) => {
    // Copies of a group share the layer that they were made from.
    const layer = analysis.origins.get(node.id)?.layerId ?? node.id
    if (kind.category === 'input' || seen.has(layer)) return []
    seen.add(layer)
    return Object.entries(kind.fields).flatMap(([param, control]) => {
      const values = valuesOf(control)
      return values ? [{ target: { type: 'layer' as const, layer, param }, ...values }] : []
    })
  })
}

function valuesOf(control: FieldControl): Omit<TargetOption, 'target'> | null {
  switch (control.control) {
    case 'integer':
    case 'pair':
      return { values: { type: 'integer', min: control.min, max: control.max } }
    case 'padding':
      return { values: { type: 'integer', min: 0, max: control.max }, words: ['same', 'valid'] }
    case 'number':
      return { values: { type: 'number', min: control.min, max: control.max } }
    case 'toggle':
      return { values: { type: 'choice', options: [true, false] } }
    case 'choice':
      return { values: { type: 'choice', options: control.options } }
    case 'sizes':
      return null
  }
}

function unfold(path: string, schema: z.core.$ZodType): TargetOption[] {
  const inner = bare(schema)
  const { def } = inner._zod
  const target: Target = { type: 'setting', path }
  if (inner instanceof z.ZodNumber) {
    const { minValue: min, maxValue: max, format } = inner
    const type = format?.includes('int') ? 'integer' : 'number'
    return [{ target, values: { type, min: min ?? -Infinity, max: max ?? Infinity } }]
  }
  switch (def.type) {
    case 'boolean':
      return [{ target, values: { type: 'choice', options: [true, false] } }]
    case 'enum':
      return [{ target, values: { type: 'choice', options: [...(inner._zod.values ?? [])].map(String) } }]
    case 'object':
      return Object.entries((def as z.core.$ZodObjectDef).shape).flatMap(([name, field]) =>
        unfold(`${path}.${name}`, field),
      )
    case 'union':
      return alternatives(path, (def as z.core.$ZodUnionDef).options)
    default:
      return []
  }
}

/** Alternatives told apart by their `type`, each with fields of its own; others, such as lists of weights, are not varied. */
function alternatives(path: string, options: readonly z.core.$ZodType[]): TargetOption[] {
  const shapes = options.map((option) =>
    'shape' in option._zod.def ? (option._zod.def as z.core.$ZodObjectDef).shape : null,
  )
  if (!shapes.every((shape) => shape !== null)) return []
  const types = shapes.flatMap((shape) => [...(shape.type?._zod.values ?? [])].map(String))
  const fields = new Map<string, TargetOption>()
  for (const shape of shapes) {
    for (const [name, field] of Object.entries(shape)) {
      if (name === 'type' || fields.has(name)) continue
      for (const option of unfold(`${path}.${name}`, field)) fields.set(name, option)
    }
  }
  return [
    { target: { type: 'setting', path: `${path}.type` }, values: { type: 'choice', options: types } },
    ...fields.values(),
  ]
}

function bare(schema: z.core.$ZodType): z.core.$ZodType {
  const { def } = schema._zod
  return 'innerType' in def ? bare(def.innerType as z.core.$ZodType) : schema
}
