import type { RunSummary } from '../../../shared/ipc/contract'
import type { RunConfig } from '../../../shared/training/config'
import { integer, percent } from '../../i18n/format'
import { t, type TextKey } from '../../i18n/text'
import { formatPlain } from '../../lib/number-format'

interface Row {
  readonly name: string
  readonly value: string
}

export const fieldNames: Readonly<Record<string, TextKey>> = {
  momentum: 'form.momentum',
  beta1: 'form.beta1',
  beta2: 'form.beta2',
  alpha: 'form.alpha',
  eps: 'form.eps',
  weight_decay: 'form.weightDecay',
  step_size: 'form.stepSize',
  gamma: 'form.gamma',
  min_rate: 'form.minRate',
  label_smoothing: 'form.labelSmoothing',
  pct_start: 'aids.pctStart',
  div_factor: 'aids.divFactor',
  final_div_factor: 'aids.finalDivFactor',
  factor: 'aids.factor',
  patience: 'aids.patience',
  threshold: 'aids.threshold',
}

/** The numbers of an optimizer, a schedule or a loss. */
function parts(config: Readonly<Record<string, unknown>>): Row[] {
  return Object.entries(config).flatMap(([key, value]) => {
    const name = fieldNames[key]
    return name && typeof value === 'number' ? [{ name: t(name), value: formatPlain(value) }] : []
  })
}

/** What helps the training; no line for what is off. */
function aids({ warmup_steps, early_stopping: stopping, clip_norm, class_weights, histograms }: RunConfig): Row[] {
  const rows: Row[] = []
  const add = (name: TextKey, value: string) => rows.push({ name: t(name), value })
  if (warmup_steps > 0) add('aids.warmup', integer(warmup_steps))
  if (stopping) {
    const { monitor, patience, min_delta, restore_best } = stopping
    const watched = t(`aids.monitors.${monitor}`)
    add('aids.earlyStopping', t('aids.rows.stopping', { monitor: watched, patience: integer(patience) }))
    if (min_delta > 0) add('aids.minDelta', formatPlain(min_delta))
    add('aids.restoreBest', t(restore_best ? 'common.on' : 'common.off'))
  }
  if (clip_norm !== null) add('aids.clipNorm', formatPlain(clip_norm))
  if (class_weights !== null) {
    const own =
      class_weights === 'balanced'
        ? t('aids.classWeightChoices.balanced')
        : class_weights.map((weight) => formatPlain(weight))
    add('aids.classWeights', typeof own === 'string' ? own : own.join(', '))
  }
  if (histograms) add('aids.histograms', t('common.on'))
  return rows
}

function checkpoints({ checkpoint }: RunConfig): string {
  const { every_steps, every_seconds, keep_last, keep_best } = checkpoint
  const parts = [t(keep_best ? 'aids.rows.orBest' : 'aids.rows.checkpoints', { n: integer(keep_last) })]
  if (every_seconds !== null) parts.push(t('aids.rows.everySeconds', { n: formatPlain(every_seconds) }))
  if (every_steps !== null) parts.push(t('aids.rows.everySteps', { n: integer(every_steps) }))
  return parts.join('; ')
}

/** A run's configuration as a person reads it. */
export function configRows({ config, networkName }: RunSummary, dataset: string): Row[] {
  return [
    { name: t('runs.network'), value: networkName },
    { name: t('runs.dataset'), value: dataset },
    { name: t('form.epochs'), value: integer(config.epochs) },
    { name: t('form.batchSize'), value: integer(config.batch_size) },
    { name: t('form.optimizer'), value: t(`optimizers.${config.optimizer.type}`) },
    ...parts(config.optimizer),
    { name: t('form.learningRate'), value: formatPlain(config.learning_rate) },
    { name: t('form.schedule'), value: t(`schedules.${config.schedule.type}`) },
    ...parts(config.schedule),
    ...aids(config),
    { name: t('form.loss'), value: t(`losses.${config.loss.type}`) },
    ...parts(config.loss),
    { name: t('form.validationSplit'), value: percent(config.validation_split, 0) },
    ...(config.limit === null ? [] : [{ name: t('form.limitCount'), value: integer(config.limit) }]),
    { name: t('form.seed'), value: String(config.seed) },
    { name: t('form.init'), value: t(`inits.${config.init}`) },
    { name: t('form.shuffle'), value: t(config.shuffle ? 'common.on' : 'common.off') },
    { name: t('aids.checkpoints'), value: checkpoints(config) },
    { name: t('aids.keepEpochs'), value: t(config.checkpoint.keep_epochs ? 'common.on' : 'common.off') },
  ]
}
