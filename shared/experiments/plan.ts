import { z } from 'zod'
import { layerIdSchema, networkDocumentSchema } from '../network/document'
import { runConfigSchema } from '../training/config'

export const experimentFormat = 'convscope.experiment'
/** More than anybody waits for; a slip of the keyboard must not fill the queue. */
export const mostRuns = 2000
const largestSeed = 4294967295

/** A value as it stands in a configuration or a layer's parameters; two numbers are vertical and horizontal. */
export const planValueSchema = z.union([
  z.number(),
  z.string().max(200),
  z.boolean(),
  z.null(),
  z.array(z.number()).min(1).max(4),
])
export type PlanValue = z.infer<typeof planValueSchema>

export const targetSchema = z.discriminatedUnion('type', [
  /** Where it stands in the run's configuration: `learning_rate`, `optimizer.type`, `optimizer.weight_decay`. */
  z.strictObject({
    type: z.literal('setting'),
    path: z
      .string()
      .regex(/^[a-z_0-9]+(\.[a-z_0-9]+)?$/, 'a setting is named by its path, such as optimizer.weight_decay')
      .refine((path) => path !== 'seed', 'seeds are varied by "seeds"'),
  }),
  z.strictObject({ type: z.literal('layer'), layer: layerIdSchema, param: z.string().min(1).max(64) }),
])
export type Target = z.infer<typeof targetSchema>

/** How many values a grid takes from a range. */
const steps = z.int().min(2).max(1000).default(3)
const ordered = (range: { min: number; max: number }) => range.min < range.max
const orderedMessage = { message: 'min must be below max', path: ['max'] }

/** From where values come. A grid takes all of a choice and `steps` of a range, both ends included; random draws from it. */
export const domainSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('choice'), values: z.array(planValueSchema).min(1).max(1000) }),
  z
    .strictObject({ type: z.literal('uniform'), min: z.number(), max: z.number(), steps })
    .refine(ordered, orderedMessage),
  z
    .strictObject({ type: z.literal('log-uniform'), min: z.number().positive(), max: z.number().positive(), steps })
    .refine(ordered, orderedMessage),
  z.strictObject({ type: z.literal('integer'), min: z.int(), max: z.int(), steps }).refine(ordered, orderedMessage),
])
export type Domain = z.infer<typeof domainSchema>

export const parameterSchema = z.strictObject({ target: targetSchema, domain: domainSchema })
export type Parameter = z.infer<typeof parameterSchema>

export const searchSchema = z.discriminatedUnion('type', [
  /** Every value of each parameter with every value of the others. */
  z.strictObject({ type: z.literal('grid') }),
  /** `count` combinations, drawn one parameter after the other; the same ones for the same seed. */
  z.strictObject({
    type: z.literal('random'),
    count: z.int().min(1).max(mostRuns),
    seed: z.int().min(0).max(largestSeed).default(1),
  }),
])

/** What is varied and how, on which network and settings: all that is needed to do it again. */
export const planSchema = z.strictObject({
  format: z.literal(experimentFormat),
  version: z.literal(1),
  name: z.string().min(1).max(120),
  document: networkDocumentSchema,
  config: runConfigSchema,
  parameters: z
    .array(parameterSchema)
    .max(20)
    .refine(
      (list) => new Set(list.map(({ target }) => targetKey(target))).size === list.length,
      'a parameter is varied twice',
    )
    .default([]),
  search: searchSchema.default({ type: 'grid' }),
  /** Each combination is trained once with each of them. */
  seeds: z
    .array(z.int().min(0).max(largestSeed))
    .min(1)
    .max(1000)
    .refine((list) => new Set(list).size === list.length, 'a seed is there twice')
    .default([1]),
  /** Leaves out combinations that cannot be trained, in place of refusing the whole. */
  skip_unsound: z.boolean().default(false),
})
export type Plan = z.infer<typeof planSchema>

/** A parameter's name: its path, or `conv1.out_channels`. */
export function targetKey(target: Target): string {
  return target.type === 'setting' ? target.path : `${target.layer}.${target.param}`
}
