import { AppError, fromWire } from '../../../shared/errors'
import type { DatasetInfo } from '../../../shared/data/dataset'
import { requireSound } from '../../../shared/network/analyze'
import { requireFit } from '../../../shared/network/fit'
import { refuseIfTooLarge } from '../../../shared/network/memory'
import type { NetworkDocument } from '../../../shared/network/document'
import type { RunConfig } from '../../../shared/training/config'
import type { FindRateCommand, RangeEvent, RangeSettings } from '../../../shared/training/range-messages'
import type { RangeTestResult, RatePoint } from '../../../shared/training/range-test'
import { describeExit, lastWordsMs, openMailbox, tellingLines, type ProgramChild } from '../program-child'
import { watchSilence } from '../silence'
import { memoryForTraining } from './machine-memory'

export type RangeChild = ProgramChild<FindRateCommand, RangeEvent>

export interface RateRequest {
  readonly document: NetworkDocument
  readonly config: RunConfig
  readonly range: RangeSettings
}

/** Tests learning rates in a process of its own, one test at a time. */
export interface RateFinder {
  /**
   * Rejects with `busy` while a run trains or another test goes on, with `cancelled` after a cancel, and with what keeps a
   * run of these settings from beginning.
   */
  find(request: RateRequest): Promise<RangeTestResult>
  /** Ends the test at once; nothing happens where there is none. */
  cancel(): void
  isBusy(): boolean
}

export interface RateFinderOptions {
  readonly fork: () => RangeChild
  readonly kill: (child: RangeChild) => void
  readonly isTraining: () => boolean
  /** Throws `data-missing`. */
  readonly findDataset: (id: DatasetInfo['id']) => { readonly info: DatasetInfo; readonly folder: string }
  readonly onProgress: (progress: { readonly points: readonly RatePoint[]; readonly steps: number }) => void
  readonly onEnd: () => void
  readonly log: (message: string) => void
}

/** A process that has said its last word is given so long to end by itself. */
const farewellMs = 5000

/** One step of a large batch in plain JavaScript takes long, as does loading TensorFlow from a slow disk. */
const longestSilenceSeconds = 600

export function createRateFinder(options: RateFinderOptions): RateFinder {
  let cancelCurrent: (() => void) | null = null

  function check({ document, config, range }: RateRequest): FindRateCommand {
    if (options.isTraining() || cancelCurrent) {
      const what = cancelCurrent ? 'Learning rates are being tested already.' : 'A run is still training.'
      throw new AppError('busy', what, { fix: 'Stop it, or wait until it has finished.' })
    }
    const { info, folder } = options.findDataset(config.dataset)
    const network = requireSound(document)
    requireFit(network, { title: info.title, shape: info.shape, classes: info.classes.length })
    refuseIfTooLarge(network, config, memoryForTraining())
    return { type: 'find-rate', document, config, range, dataFolders: { [config.dataset]: folder } }
  }

  function run(command: FindRateCommand): Promise<RangeTestResult> {
    const child = options.fork()
    const mailbox = openMailbox(child, 'rate test', options.log)
    return new Promise((resolve, reject) => {
      let settled = false
      let overdue: NodeJS.Timeout | null = null
      const watch = watchSilence(longestSilenceSeconds, (seconds) => {
        settle(() => reject(crashed(`no sign of life for ${seconds} s`, tellingLines(mailbox.stderr))))
        options.kill(child)
      })
      /** The processor is free again: what is left of the process computes nothing, and is ended if it does not go. */
      function settle(finish: () => void): void {
        if (settled) return
        settled = true
        cancelCurrent = null
        watch.end()
        overdue = setTimeout(() => options.kill(child), farewellMs)
        finish()
        options.onEnd()
      }
      cancelCurrent = () => {
        settle(() => reject(new AppError('cancelled', 'The test of learning rates was cancelled.')))
        options.kill(child)
      }
      child.on('message', (event) => {
        watch.heard()
        if (event.type === 'rate-progress') options.onProgress({ points: event.points, steps: event.steps })
        else if (event.type === 'rate-found') settle(() => resolve(event.result))
        else settle(() => reject(fromWire(event.error)))
      })
      child.on('exit', (code) => {
        // What it said just before its end may come after the news of that.
        setTimeout(() => {
          settle(() => reject(crashed(describeExit(code), tellingLines(mailbox.stderr))))
          if (overdue) clearTimeout(overdue)
        }, lastWordsMs)
      })
      mailbox.post(command)
    })
  }

  return {
    async find(request) {
      return run(check(request))
    },
    cancel: () => cancelCurrent?.(),
    isBusy: () => cancelCurrent !== null,
  }
}

function crashed(exit: string, lines: string): AppError {
  const message = `The process that tested learning rates ended unexpectedly (${exit}).`
  return new AppError('trainer-crashed', lines ? `${message} It last wrote: ${lines}` : message, {
    fix: 'Try again; with less memory free, choose a smaller batch.',
    params: { detail: exit, lines },
  })
}
