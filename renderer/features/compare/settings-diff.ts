import type { RunSummary } from '../../../shared/ipc/contract'
import { percent } from '../../i18n/format'
import { t, type TextKey } from '../../i18n/text'
import { formatPlain, formatValue } from '../../lib/number-format'
import { fieldNames } from '../runs/config-rows'
import { settingsOf, type SettingValue } from '../runs/run-settings'
import { outcomeOf } from '../training/run-facts'

export interface SettingRow {
  readonly name: string
  /** As it is called in files; empty for what is no setting. */
  readonly key: string
  /** One a run; null where it has none. */
  readonly values: readonly (string | null)[]
  readonly differs: boolean
  /** Values to be seen at once: settings unlike most runs', and the best results. */
  readonly marked: readonly boolean[]
}

const names: Readonly<Record<string, TextKey>> = {
  dataset: 'runs.dataset',
  epochs: 'form.epochs',
  batch_size: 'form.batchSize',
  optimizer: 'form.optimizer',
  learning_rate: 'form.learningRate',
  schedule: 'form.schedule',
  loss: 'form.loss',
  validation_split: 'form.validationSplit',
  limit: 'form.limitCount',
  seed: 'form.seed',
  init: 'form.init',
  shuffle: 'form.shuffle',
  engine: 'form.engine',
}

/** The runs' settings side by side, first those that differ. */
export function settingRows(runs: readonly RunSummary[]): SettingRow[] {
  const keys = new Set(runs.flatMap((run) => [...settingsOf(run).keys()]))
  const rows = [
    row(runs, t('runs.network'), '', (run) => run.networkName),
    ...[...keys].map((key) =>
      row(runs, nameOf(key), key, (run) => choiceOf(run, key) ?? written(settingsOf(run).get(key))),
    ),
    row(runs, t('runs.engine'), '', (run) => run.engine?.version ?? null),
    row(runs, t('runs.device'), '', (run) => run.engine?.device ?? null),
  ]
  return rows.sort((a, b) => Number(b.differs) - Number(a.differs))
}

/** What came of the runs. */
export function resultRows(runs: readonly RunSummary[]): SettingRow[] {
  return [
    row(runs, t('runs.state'), '', ({ state }) => t(`states.${state.type}`)),
    result(runs, t('runs.accuracy'), (run) => outcomeOf(run)?.accuracy, Math.max, percent),
    result(runs, t('runs.loss'), (run) => outcomeOf(run)?.loss, Math.min, formatValue),
    row(runs, t('compare.measuredOn'), '', measuredOn),
    result(runs, t('run.trainingAccuracy'), ({ lastEpoch }) => lastEpoch?.train.accuracy, Math.max, percent),
    result(runs, t('run.validationAccuracy'), ({ lastEpoch }) => lastEpoch?.validation?.accuracy, Math.max, percent),
  ]
}

function row(
  runs: readonly RunSummary[],
  name: string,
  key: string,
  valueOf: (run: RunSummary) => string | null,
): SettingRow {
  const values = runs.map(valueOf)
  const differs = values.some((one) => one !== values[0])
  return { name, key, values, differs, marked: differs ? unusual(values) : values.map(() => false) }
}

/** Those that are not as most are; all of them where no value is had by more runs than the others. */
function unusual(values: readonly (string | null)[]): boolean[] {
  const counts = new Map<string | null, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  const [usual, next] = [...counts].sort(([, a], [, b]) => b - a)
  return values.map((value) => value !== usual?.[0] || usual[1] === next?.[1])
}

/** A row of numbers of which the best is marked, unless all are equal. */
function result(
  runs: readonly RunSummary[],
  name: string,
  numberOf: (run: RunSummary) => number | undefined,
  best: (...values: number[]) => number,
  write: (value: number) => string,
): SettingRow {
  const numbers = runs.map(numberOf)
  const values = numbers.map((one) => (one === undefined ? null : write(one)))
  const top = best(...numbers.filter((one) => one !== undefined))
  const differs = values.some((one) => one !== values[0])
  return { name, key: '', values, differs, marked: numbers.map((one) => differs && one === top) }
}

function measuredOn(run: RunSummary): string | null {
  const outcome = outcomeOf(run)
  if (!outcome) return null
  if (outcome.type === 'test') return t('runs.onTest')
  return t(outcome.type === 'training' ? 'run.training' : 'runs.onValidation')
}

/** The name of what was chosen from a list; null for other settings. */
function choiceOf({ config }: RunSummary, key: string): string | null {
  switch (key) {
    case 'optimizer':
      return t(`optimizers.${config.optimizer.type}`)
    case 'schedule':
      return t(`schedules.${config.schedule.type}`)
    case 'loss':
      return t(`losses.${config.loss.type}`)
    case 'init':
      return t(`inits.${config.init}`)
    case 'engine':
      return t(`engines.${config.engine}`)
    default:
      return null
  }
}

function nameOf(key: string): string {
  const own = names[key]
  if (own) return t(own)
  const [owner = '', ...rest] = key.split('.')
  const part = fieldNames[rest.at(-1) ?? key]
  const of = names[owner]
  if (!part) return key.replaceAll('_', ' ')
  return of && rest.length > 0 ? `${t(of)}: ${t(part)}` : t(part)
}

function written(value: SettingValue | undefined): string | null {
  if (value === undefined) return null
  if (value === null) return t('common.none')
  if (typeof value === 'boolean') return t(value ? 'common.on' : 'common.off')
  return typeof value === 'number' ? formatPlain(value) : value
}
