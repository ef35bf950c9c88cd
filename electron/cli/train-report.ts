import type { RunSummary } from '../../shared/ipc/contract'
import type { TrainerEvent } from '../../shared/training/messages'
import type { EpochResult, Progress, StepRecord } from '../../shared/training/state'
import { formatBar, formatCount, formatLoss, formatSeconds, formatShare } from './format'
import type { Output } from './output'

const head = ['epoch', 'loss', 'accuracy', 'val. loss', 'val. accuracy', 'images/s', 'time']
const widths = [9, 8, 9, 9, 13, 8, 8]

/** Tells how a run goes: objects for scripts; a table with a bar below it for people. */
export function createTrainReport(output: Output, run: RunSummary, weightsPath: (checkpoint: string) => string) {
  const { epochs } = run.config

  function row(cells: readonly string[]): string {
    return cells.map((cell, column) => cell.padStart(widths[column] ?? 0)).join('  ')
  }

  function epochRow({ epoch, train, validation, imagesPerSecond, ...result }: EpochResult): string {
    return row([
      `${epoch}/${epochs}`,
      formatLoss(train.loss),
      formatShare(train.accuracy),
      formatLoss(validation?.loss),
      formatShare(validation?.accuracy),
      formatCount(imagesPerSecond),
      formatSeconds(result.trainSeconds + result.validationSeconds),
    ])
  }

  return function report(event: TrainerEvent): void {
    switch (event.type) {
      case 'started': {
        const { engine, trainCount, validationCount, totalSteps, from, notices } = event
        output.object({ type: 'started', id: run.id, engine, trainCount, validationCount, totalSteps, from, notices })
        output.line(`Engine    ${engine.version} on ${engine.device}`)
        if (from) output.line(`Goes on   after ${formatCount(from.epoch)} epochs, at step ${formatCount(from.step)}`)
        for (const { message, fix } of notices) output.notice(`${message} ${fix}`.trim())
        if (engine.notice !== null) output.notice(engine.notice)
        output.line(
          `Pictures  ${formatCount(trainCount)} to learn from, ${formatCount(validationCount)} kept back for validation`,
        )
        output.line()
        output.line(row(head))
        break
      }
      case 'progress':
        output.object({ type: 'progress', id: run.id, ...event.progress, steps: event.steps })
        output.status(progressLine(event.progress, event.steps))
        break
      case 'epoch':
        output.object({ type: 'epoch', id: run.id, ...event.result, checkpoint: weightsPath(event.checkpoint) })
        output.line(epochRow(event.result))
        break
      case 'finished':
        output.object({ type: 'finished', id: run.id, test: event.test, checkpoint: weightsPath(event.checkpoint) })
        output.line()
        output.line(`Test      loss ${formatLoss(event.test.loss)}, accuracy ${formatShare(event.test.accuracy)}`)
        output.line(`Weights   ${weightsPath(event.checkpoint)}`)
        break
      case 'stopped': {
        const kept = event.checkpoint === undefined ? null : weightsPath(event.checkpoint)
        output.object({ type: 'stopped', id: run.id, checkpoint: kept })
        output.line()
        output.line(`Stopped   ${kept === null ? 'nothing was learned since the last epoch' : `weights: ${kept}`}`)
        break
      }
      case 'failed':
        output.error(event.error)
        break
      case 'paused':
        if (event.reason) output.notice(`${event.reason.message} ${event.reason.fix}`.trim())
        break
      case 'resumed':
      case 'checkpoint':
      case 'distributions':
      case 'kernels':
      case 'heartbeat':
      case 'inspected':
      case 'weights':
        break
    }
  }
}

function progressLine(progress: Progress, steps: readonly StepRecord[]): string {
  const { epoch, epochs, step, totalSteps, imagesPerSecond, secondsLeft } = progress
  const left = secondsLeft === null ? '' : `${formatSeconds(secondsLeft)} left`
  return [
    formatBar(step / Math.max(1, totalSteps)),
    `epoch ${epoch}/${epochs}`,
    `step ${formatCount(step)}/${formatCount(totalSteps)}`,
    `loss ${formatLoss(steps.at(-1)?.loss)}`,
    `${formatCount(imagesPerSecond)} images/s`,
    left,
  ]
    .filter(Boolean)
    .join('  ')
}
