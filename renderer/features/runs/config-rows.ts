import type { RunSummary } from '../../../shared/ipc/contract'
import { integer, percent } from '../../i18n/format'
import { t, type TextKey } from '../../i18n/text'
import { formatPlain } from '../../lib/number-format'

interface Row {
  readonly name: string
  readonly value: string
}

const fieldNames: Readonly<Record<string, TextKey>> = {
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
}

/** The numbers of an optimizer, a schedule or a loss. */
function parts(config: Readonly<Record<string, unknown>>): Row[] {
  return Object.entries(config).flatMap(([key, value]) => {
    const name = fieldNames[key]
    return name && typeof value === 'number' ? [{ name: t(name), value: formatPlain(value) }] : []
  })
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
    { name: t('form.loss'), value: t(`losses.${config.loss.type}`) },
    ...parts(config.loss),
    { name: t('form.validationSplit'), value: percent(config.validation_split, 0) },
    ...(config.limit === null ? [] : [{ name: t('form.limitCount'), value: integer(config.limit) }]),
    { name: t('form.seed'), value: String(config.seed) },
    { name: t('form.init'), value: t(`inits.${config.init}`) },
    { name: t('form.shuffle'), value: t(config.shuffle ? 'common.on' : 'common.off') },
  ]
}
