import type { RunMetrics } from '../../../shared/exports/exports'
import type { EpochResult } from '../../../shared/training/state'
import { readBytes, writeText } from '../files'
import type { TableFormat } from '../format'
import { parseCsv } from '../readers/csv'

const columns = [
  'kind',
  'step',
  'epoch',
  'loss',
  'accuracy',
  'validation_loss',
  'validation_accuracy',
  'learning_rate',
  'train_seconds',
  'validation_seconds',
  'images_per_second',
] as const
type Column = (typeof columns)[number]
type Row = Partial<Readonly<Record<Column, string | number | null | undefined>>>

/**
 * Both curves in one table (RFC 4180): a row for each step, then one for each epoch, told apart by `kind`. Shares are 0 to 1,
 * losses in natural units; what was not measured is empty.
 */
export const csvFormat: TableFormat = {
  id: 'csv',
  write(metrics, target) {
    const lines = rowsOf(metrics).map((row) => columns.map((column) => cell(row[column])).join(','))
    writeText(target, `${[columns.join(','), ...lines].join('\r\n')}\r\n`)
  },
  prove(metrics, target) {
    const rows = parseCsv(Buffer.from(readBytes(target)).toString('utf8'))
    const wanted = rowsOf(metrics)
    const differing =
      Math.abs(rows.length - wanted.length) +
      wanted.reduce(
        (sum, row, at) => sum + columns.filter((column) => differs(rows[at]?.[column], row[column])).length,
        0,
      )
    const counted = (kind: string) => rows.filter((row) => row['kind'] === kind).length
    const [steps, epochs] = [counted('step'), counted('epoch')]
    const agrees = differing === 0 && steps === metrics.steps.step.length && epochs === metrics.epochs.length
    return { type: 'table', reader: 'RFC 4180', steps, epochs, differing, agrees }
  },
}

function rowsOf({ steps, epochs }: RunMetrics): Row[] {
  const ofSteps = Array.from(steps.step, (step, at): Row => ({
    kind: 'step',
    step,
    loss: steps.loss[at],
    learning_rate: steps.learningRate[at],
  }))
  return [...ofSteps, ...epochs.map(epochRow)]
}

function epochRow({ epoch, train, validation, learningRate, ...rest }: EpochResult): Row {
  return {
    kind: 'epoch',
    epoch,
    loss: train.loss,
    accuracy: train.accuracy,
    validation_loss: validation?.loss,
    validation_accuracy: validation?.accuracy,
    learning_rate: learningRate,
    train_seconds: rest.trainSeconds,
    validation_seconds: rest.validationSeconds,
    images_per_second: rest.imagesPerSecond,
  }
}

/** As many digits as tell the number from all others; `nan` and `inf` as pandas reads them. */
function cell(value: Row[Column]): string {
  if (value === null || value === undefined) return ''
  if (typeof value === 'string') return value
  if (Number.isNaN(value)) return 'nan'
  if (Object.is(value, -0)) return '-0'
  return Number.isFinite(value) ? String(value) : value > 0 ? 'inf' : '-inf'
}

function differs(text: string | undefined, value: Row[Column]): boolean {
  if (text === undefined) return true
  if (value === null || value === undefined) return text !== ''
  if (typeof value === 'string') return text !== value
  const number = { nan: NaN, inf: Infinity, '-inf': -Infinity }[text] ?? Number(text)
  return text === '' || !Object.is(number, value)
}
