import type { Overlay, SeriesQuery } from '../../../shared/ipc/organize-calls'
import type { RunCourse } from '../../../shared/metrics/run-axis'
import { toWire } from '../../../shared/errors'
import type { Storage } from '../db/open'
import { createCurvesRepository } from '../db/repositories/curves'
import { overlay } from './overlay'
import type { LiveCourse, RunRecorder } from './run-recorder'
import { createStepCurves } from './step-curves'

/** Curves of many runs over each other. */
export interface RunCurves {
  series(query: SeriesQuery): Promise<Overlay>
  /** Packs the steps of ended runs, one at a time with rests between, until all are packed or `stop` is called. */
  packAll(): Promise<void>
  stop(): void
}

const restMs = 40

export function createRunCurves({ db }: Storage, recorder: RunRecorder, log: (message: string) => void): RunCurves {
  const curves = createCurvesRepository(db)
  const steps = createStepCurves(curves)
  let stopped = false
  let packing = false
  let turn: Promise<unknown> = Promise.resolve()

  async function packAll(): Promise<void> {
    if (packing || stopped) return
    packing = true
    try {
      for (let [next] = curves.unpacked(1); next !== undefined && !stopped; [next] = curves.unpacked(1)) {
        const id = next
        recorder.writeNow(() => steps.pack(id))
        await new Promise((resolve) => setTimeout(resolve, restMs))
      }
    } catch (error) {
      // They are read step by step then.
      log(`curves could not be packed: ${toWire(error).message}`)
    }
    packing = false
  }

  function read(query: SeriesQuery): Promise<Overlay> {
    const courses = new Map<string, LiveCourse | null>()
    const known = (id: string) => {
      if (!courses.has(id)) courses.set(id, recorder.course(id))
      return courses.get(id) ?? null
    }
    return overlay(query, {
      curve: (id) => steps.get(id, known(id)?.unsaved),
      course(id) {
        const course = known(id)
        return course && placed(course)
      },
    })
  }

  return {
    async series(query) {
      // One after another: side by side all of them would come late.
      const found = turn.then(() => read(query))
      turn = found.catch(() => undefined)
      await turn
      // Runs that have ended since the start.
      setTimeout(() => void packAll(), restMs)
      return found
    },
    packAll,
    stop: () => (stopped = true),
  }
}

function placed({ progress, batchSize, epochs }: LiveCourse): RunCourse {
  const stepsPerEpoch = progress && progress.epochs > 0 ? progress.totalSteps / progress.epochs : null
  const rate = progress?.imagesPerSecond ?? 0
  return { stepsPerEpoch, epochs, secondsPerStep: rate > 0 ? batchSize / rate : null }
}
