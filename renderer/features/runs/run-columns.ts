import type { RunSummary } from '../../../shared/ipc/contract'
import { duration, integer, percent, time } from '../../i18n/format'
import { t, type TextKey } from '../../i18n/text'
import { formatPlain, formatValue } from '../../lib/number-format'
import { outcomeOf, runSeconds } from '../training/run-facts'

export const columnKeys = [
  'name',
  'state',
  'network',
  'dataset',
  'accuracy',
  'loss',
  'optimizer',
  'learningRate',
  'batchSize',
  'epochs',
  'seed',
  'duration',
  'started',
  'tags',
  'engine',
  'note',
] as const
export type ColumnKey = (typeof columnKeys)[number]

interface Column {
  readonly title: TextKey
  /** In pixels; the name takes what is left. */
  readonly width: number
  readonly isNumber: boolean
  /** What runs are sorted by; null comes last. */
  readonly value: (run: RunSummary, now: number) => string | number | null
  /** What is written; by parts of its own for state, tags, data set and accuracy. */
  readonly text: (run: RunSummary, now: number) => string
}

function words(title: TextKey, width: number, value: (run: RunSummary) => string | null): Column {
  return { title, width, isNumber: false, value, text: (run) => value(run) ?? '–' }
}
function number(
  title: TextKey,
  width: number,
  value: (run: RunSummary, now: number) => number | null,
  format: (value: number) => string,
): Column {
  return {
    title,
    width,
    isNumber: true,
    value,
    text(run, now) {
      const found = value(run, now)
      return found === null ? '–' : format(found)
    },
  }
}

export const columns: Readonly<Record<ColumnKey, Column>> = {
  name: words('runs.name', 0, (run) => run.name),
  state: words('runs.state', 104, (run) => run.state.type),
  tags: words('organize.tags', 104, (run) => run.tags.join(' ') || null),
  network: words('runs.network', 150, (run) => run.networkName),
  dataset: words('runs.dataset', 116, (run) => run.config.dataset),
  accuracy: number('runs.accuracy', 82, (run) => outcomeOf(run)?.accuracy ?? null, percent),
  loss: number('runs.loss', 74, (run) => outcomeOf(run)?.loss ?? null, formatValue),
  optimizer: words('runs.optimizer', 120, (run) => t(`optimizers.${run.config.optimizer.type}`)),
  learningRate: number('form.learningRate', 104, (run) => run.config.learning_rate, formatPlain),
  batchSize: number('form.batchSize', 92, (run) => run.config.batch_size, integer),
  epochs: number('form.epochs', 76, (run) => run.config.epochs, integer),
  seed: number('form.seed', 70, (run) => run.config.seed, String),
  duration: number('runs.duration', 76, runSeconds, duration),
  started: number('runs.started', 112, (run) => run.createdAt, time),
  engine: words('runs.engine', 150, (run) => run.engine?.version ?? null),
  note: words('organize.note', 220, (run) => run.note || null),
}

export const usualColumns: readonly ColumnKey[] = [
  'name',
  'state',
  'dataset',
  'accuracy',
  'loss',
  'duration',
  'started',
  'tags',
]
