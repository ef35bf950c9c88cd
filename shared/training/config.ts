import { z, type core } from 'zod'
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
  /**
   * Up to the learning rate during `pct_start` of the run, then down, both along a cosine, step by step. It begins at the
   * rate / `div_factor` and ends at that / `final_div_factor`. Smith and Topin 2018.
   */
  z.strictObject({
    type: z.literal('one-cycle'),
    pct_start: z.number().min(0.01).max(0.99).default(0.3),
    div_factor: z.number().min(1).max(1e6).default(25),
    final_div_factor: z.number().min(1).max(1e9).default(1e4),
  }),
  /**
   * Multiplied by `factor` when the watched loss (validation, else training) has not fallen by the share `threshold` for more
   * than `patience` epochs; never below `min_rate`.
   */
  z.strictObject({
    type: z.literal('plateau'),
    factor: z.number().min(0.001).max(0.999).default(0.1),
    patience: z.int().min(0).max(10000).default(3),
    threshold: z.number().min(0).max(1).default(1e-4),
    min_rate: z.number().min(0).max(10).default(0),
  }),
])
export type ScheduleConfig = z.infer<typeof scheduleSchema>

/** Ends a run when what it watches (of validation, else of training) has not become better for `patience` epochs. */
export const earlyStoppingSchema = z.strictObject({
  monitor: z.enum(['loss', 'accuracy']).default('loss'),
  patience: z.int().min(1).max(10000).default(5),
  /** What counts as better: natural units of the loss, or a share of 1. */
  min_delta: z.number().min(0).max(100).default(0),
  /** Ends with the weights of the best epoch, not with the last. */
  restore_best: z.boolean().default(true),
})
export type EarlyStopping = z.infer<typeof earlyStoppingSchema>

/** When a run's whole state is kept, besides at the end of each epoch. None of it changes what is learned. */
export const checkpointRulesSchema = z.strictObject({
  /** Also after every so many steps; null for never. */
  every_steps: z.int().min(1).max(1e9).nullable().default(null),
  /** Also after so many seconds of training; null for never. */
  every_seconds: z.number().min(1).max(86400).nullable().default(60),
  /** Newest checkpoints that training can go on from. */
  keep_last: z.int().min(2).max(100).default(2),
  /** Also the one of the best epoch. */
  keep_best: z.boolean().default(true),
  /** The weights of every epoch, to look at later; without it they go with their checkpoint. */
  keep_epochs: z.boolean().default(true),
})
export type CheckpointRules = z.infer<typeof checkpointRulesSchema>

export const engineChoices = ['auto', 'tensorflow', 'eager'] as const
export type EngineChoice = (typeof engineChoices)[number]
export type EngineId = Exclude<EngineChoice, 'auto'>

/** Settings that do not go together; `params.rule` tells the window which. */
function conflicts({ value, issues }: core.ParsePayload<{ loss: LossConfig; class_weights: ClassWeights }>): void {
  const problem = (rule: ConflictRule, message: string) =>
    issues.push({ code: 'custom', input: value, path: ['class_weights'], message, params: { rule } })
  const { class_weights: weights, loss } = value
  if (weights !== null && loss.type !== 'cross-entropy') {
    problem('class-weights-loss', 'only cross-entropy takes class weights')
  }
  if (Array.isArray(weights) && !weights.some((weight) => weight > 0)) {
    problem('class-weights-zero', 'at least one has to be above 0')
  }
}
export type ConflictRule = 'class-weights-loss' | 'class-weights-zero'

const classWeightsSchema = z
  .union([z.literal('balanced'), z.array(z.number().min(0).max(1e6)).min(1).max(100000)])
  .nullable()
  .default(null)
export type ClassWeights = z.infer<typeof classWeightsSchema>

export const runConfigSchema = z
  .strictObject({
    dataset: z.enum(datasetIds).default('mnist'),
    /** None only evaluates the weights that it begins with. */
    epochs: z.int().min(0).max(100000).default(3),
    batch_size: z.int().min(1).max(65536).default(64),
    optimizer: optimizerSchema.default({ type: 'adam', beta1: 0.9, beta2: 0.999, eps: 1e-8, weight_decay: 0 }),
    learning_rate: z.number().positive().max(100).default(1e-3),
    schedule: scheduleSchema.default({ type: 'constant' }),
    /** Steps over which the rate rises in a line to what the schedule says. */
    warmup_steps: z.int().min(0).max(1e9).default(0),
    early_stopping: earlyStoppingSchema.nullable().default(null),
    /** Largest L2 norm of all gradients together, as torch.nn.utils.clip_grad_norm_; null for no bound. */
    clip_norm: z.number().positive().max(1e6).nullable().default(null),
    /**
     * Weight of each class in the loss, as torch.nn.CrossEntropyLoss(weight=…); `balanced` is N / (classes · pictures of the
     * class); null for equal ones.
     */
    class_weights: classWeightsSchema,
    /** Distributions of weights and gradients at the end of each epoch. */
    histograms: z.boolean().default(false),
    checkpoint: checkpointRulesSchema.default(checkpointRulesSchema.parse({})),
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
  .check(conflicts)
export type RunConfig = z.infer<typeof runConfigSchema>
