import { openJournal } from '../run-folder/journal'
import { diskFiles, type RunFiles } from '../run-folder/files'
import { pruneCheckpoints } from '../run-folder/prune'
import { writeCheckpoint, type Checkpoint } from '../run-folder/write-checkpoint'
import type { Position } from '../../shared/training/checkpoint-names'
import type { EpochResult, Score, StepRecord } from '../../shared/training/state'

/** Keeps a run's state and metrics on the disk, by the rules of its configuration. */
export interface CheckpointKeeper {
  /** The newest weights, relative to the run's folder; null before the first. */
  readonly newest: string | null
  /** Where the run stood when they were kept. */
  readonly saved: Position
  stepDone(record: StepRecord): void
  epochDone(result: EpochResult): void
  /** Whether the rules ask for a checkpoint after this step. */
  isDue(position: Position): boolean
  /**
   * Keeps the metrics, then the state, then frees what the rules do not keep. Gives the weights' path relative to the run's
   * folder. Throws `disk-full` and the like; nothing is lost then, and it can be called again.
   */
  save(checkpoint: Omit<Checkpoint, 'document' | 'config' | 'engine' | 'data'>): string
  finish(test: Score): void
}

export interface KeeperOptions {
  readonly runFolder: string
  readonly from: Position
  readonly newest: string | null
  readonly base: Pick<Checkpoint, 'document' | 'config' | 'engine' | 'data'>
  /** As performance.now, standing still while the run pauses. */
  readonly seconds: () => number
  readonly files?: RunFiles | undefined
}

export function createCheckpointKeeper(options: KeeperOptions): CheckpointKeeper {
  const { runFolder, base, seconds, files = diskFiles } = options
  const { checkpoint: rules, early_stopping: stopping } = base.config
  // Early stopping goes back to the best epoch, so that must be there.
  const kept = { ...rules, keep_best: rules.keep_best || stopping?.restore_best === true }
  const journal = openJournal(runFolder, options.from, files)
  let newest = options.newest
  let saved = options.from
  let savedAt = seconds()
  return {
    get newest() {
      return newest
    },
    get saved() {
      return saved
    },
    stepDone: journal.addStep,
    epochDone: journal.addEpoch,
    isDue({ step }) {
      const { every_steps: steps, every_seconds: time } = rules
      if (steps !== null && step - saved.step >= steps) return true
      return time !== null && seconds() - savedAt >= time
    },
    save(checkpoint) {
      journal.save()
      newest = writeCheckpoint(runFolder, { ...base, ...checkpoint }, files)
      saved = checkpoint.position
      savedAt = seconds()
      pruneCheckpoints(runFolder, kept, checkpoint.loop.best?.epoch ?? null, files)
      return newest
    },
    finish: journal.finish,
  }
}
