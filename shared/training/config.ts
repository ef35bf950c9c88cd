import { z } from 'zod'
import { datasetIds } from '../data/dataset'

/** PyTorch's optimizers, with its names and defaults. `weight_decay` is L2, decoupled for AdamW only. */
const weightDecay = (value: number) => z.number().min(0).max(10).default(value)
const momentum = z.number().min(0).max(0.9999).default(0.9)
const beta = (value: number) => z.number().min(0).max(0.999999).default(value)
const eps = z.number().positive().max(1).default(1e-8)

export const optimizerSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('sgd'), weight_decay: weightDecay(0) }),
  z.strictObject({ type: z.literal('momentum'), momentum, weight_decay: weightDecay(0) }),
  z.strictObject({ type: z.literal('nesterov'), momentum, weight_decay: weightDecay(0) }),
  z.strictObject({ type: z.literal('adam'), beta1: beta(0.9), beta2: beta(0.999), eps, weight_decay: weightDecay(0) }),
  z.strictObject({
    type: z.literal('adamw'),
    beta1: beta(0.9),
    beta2: beta(0.999),
    eps,
    weight_decay: weightDecay(0.01),
  }),
  z.strictObject({ type: z.literal('rmsprop'), alpha: beta(0.99), eps, weight_decay: weightDecay(0) }),
])
export type OptimizerConfig = z.infer<typeof optimizerSchema>
export type OptimizerType = OptimizerConfig['type']
export const optimizerTypes = [
  'sgd',
  'momentum',
  'nesterov',
  'adam',
  'adamw',
  'rmsprop',
] as const satisfies OptimizerType[]

export const lossSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('cross-entropy'), label_smoothing: z.number().min(0).max(0.999).default(0) }),
  /** Mean over batch and classes against one-hot labels. */
  z.strictObject({ type: z.literal('mse') }),
])
export type LossConfig = z.infer<typeof lossSchema>

export const scheduleSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('constant') }),
  /** Multiplied by `gamma` every `step_size` epochs. */
  z.strictObject({
    type: z.literal('step'),
    step_size: z.int().min(1).max(10000).default(1),
    gamma: z.number().positive().max(1).default(0.5),
  }),
  /** From the learning rate to `min_rate` over the whole run, step by step. Loshchilov and Hutter 2017. */
  z.strictObject({ type: z.literal('cosine'), min_rate: z.number().min(0).max(10).default(0) }),
])
export type ScheduleConfig = z.infer<typeof scheduleSchema>

export const engineChoices = ['auto', 'tensorflow', 'eager'] as const
export type EngineChoice = (typeof engineChoices)[number]
export type EngineId = Exclude<EngineChoice, 'auto'>

export const runConfigSchema = z.strictObject({
  dataset: z.enum(datasetIds).default('mnist'),
  epochs: z.int().min(1).max(100000).default(3),
  batch_size: z.int().min(1).max(65536).default(64),
  optimizer: optimizerSchema.default({ type: 'adam', beta1: 0.9, beta2: 0.999, eps: 1e-8, weight_decay: 0 }),
  learning_rate: z.number().positive().max(100).default(1e-3),
  schedule: scheduleSchema.default({ type: 'constant' }),
  loss: lossSchema.default({ type: 'cross-entropy', label_smoothing: 0 }),
  seed: z.int().min(0).max(4294967295).default(1),
  /** Share of the training pictures kept back to watch the run; the last ones of a seeded order. */
  validation_split: z.number().min(0).max(0.9).default(0.1),
  /** Uses just the first pictures of the training set (and as many test pictures at most); null for all. */
  limit: z.int().min(1).nullable().default(null),
  shuffle: z.boolean().default(true),
  /** `pytorch` is kaiming_uniform(a=√5), as torch.nn layers start. */
  init: z.enum(['pytorch', 'glorot', 'he']).default('pytorch'),
  engine: z.enum(engineChoices).default('auto'),
})
export type RunConfig = z.infer<typeof runConfigSchema>
