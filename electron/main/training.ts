import { app, type BrowserWindow } from 'electron'
import type { Locale } from '../../shared/layers/define'
import { findDataset } from '../data/find-dataset'
import type { Storage } from './db/open'
import { createExperimentService } from './experiments/experiment-service'
import { createExperimentsRepository } from './db/repositories/experiments'
import { createRateFinder } from './runs/rate-finder'
import { createRunCurves } from './runs/run-curves'
import { createRunOrganizer } from './runs/run-organizer'
import { createRunQueue } from './runs/queue'
import { createRunRecorder, type Notify } from './runs/run-recorder'
import { createRunService } from './runs/run-service'
import { createRunWatch } from './window/run-watch'
import { trainerProcesses } from './trainer-process'
import type { Log } from './log'
import type { MainSettings } from './settings-store'
import { forkRateTest, forkTrainer, killChild } from './trainer-fork'

export interface TrainingOptions {
  readonly storage: Storage
  /** The training program. */
  readonly trainer: string
  readonly window: () => BrowserWindow | null
  /** Brings the window to the front. */
  readonly focus: () => void
  readonly notify: Notify
  readonly settings: MainSettings
  readonly locale: () => Locale
  readonly log: Log
}

/** All that trains, waits to be trained and records it. */
export function createTraining({ storage, trainer, window, focus, notify, settings, locale, log }: TrainingOptions) {
  const { home } = storage
  const watch = createRunWatch({
    window,
    focus,
    notify,
    settings,
    locale,
    experiment: (id) => experiments.count(id),
  })
  const recorder = createRunRecorder(storage, { appVersion: app.getVersion(), notify: watch.notify, log })
  const organizer = createRunOrganizer(storage, { recorder, notify, log })
  const curves = createRunCurves(storage, recorder, log)
  const service = createRunService({
    recorder,
    launch: trainerProcesses({ fork: () => forkTrainer(trainer, home), kill: killChild, log }),
    findDataset,
    isTestingRates: () => rates.isBusy(),
    onIdle: () => queue.advance(),
  })
  const rates = createRateFinder({
    fork: () => forkRateTest(trainer, home),
    kill: killChild,
    isTraining: () => service.isBusy(),
    findDataset,
    onProgress: (progress) => notify('rates.progress', progress),
    onEnd: () => queue.advance(),
    log,
  })
  const queue = createRunQueue({ recorder, service, notify, log })
  const experiments = createExperimentService({
    repository: createExperimentsRepository(storage.db),
    queue,
    recorder,
    service,
    notify,
  })
  return { watch, recorder, organizer, curves, service, rates, queue, experiments }
}
