/** In a run's own folder: the weights that it was told to begin with, where they are not drawn. */
export const initialFile = 'initial.safetensors'

/** Files of a checkpoint's folder. */
export const weightsFile = 'weights.safetensors'
export const optimizerFile = 'optimizer.safetensors'
export const metaFile = 'checkpoint.json'
/** SHA-256 of the others, as `sha256sum` writes them. */
export const sumsFile = 'checkpoint.sha256'

/** Where a run stood. The order of the pictures and the random masks follow from it and the seed. */
export interface Position {
  /** Epochs that are complete. */
  readonly epoch: number
  /** Steps over the whole run. */
  readonly step: number
  /** Steps of the epoch that is not complete; 0 at an epoch's end. */
  readonly stepInEpoch: number
}

/**
 * `epoch-0003`, or `epoch-0003-step-000120` for a run stopped 120 steps after its third epoch. `epoch-0000` holds the weights
 * that a run began with, and nothing else.
 */
export function checkpointFolder({ epoch, stepInEpoch }: Pick<Position, 'epoch' | 'stepInEpoch'>): string {
  const name = `epoch-${String(epoch).padStart(4, '0')}`
  return stepInEpoch === 0 ? name : `${name}-step-${String(stepInEpoch).padStart(6, '0')}`
}

/** Where the run stood when a folder of this name was written, without the step over the whole run; null for any other folder. */
export function placeOfFolder(name: string): Pick<Position, 'epoch' | 'stepInEpoch'> | null {
  const match = /^epoch-(\d{4,})(?:-step-(\d{6,}))?$/.exec(name)
  return match?.[1] === undefined ? null : { epoch: Number(match[1]), stepInEpoch: Number(match[2] ?? 0) }
}
