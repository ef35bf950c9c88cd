import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { initialFile } from '../../../shared/training/checkpoint-names'

/** What a run may be given to begin with: safetensors, by the network's own names. What they lack is drawn. */
export interface GivenWeights {
  readonly weights?: Uint8Array | undefined
}

/**
 * Keeps the weights that a run is to begin with in its folder: it may begin much later, in another start of the app. Nothing
 * is written where they are to be drawn.
 */
export function keepGivenWeights(runFolder: string, weights: Uint8Array | undefined): void {
  if (!weights) return
  mkdirSync(runFolder, { recursive: true })
  writeFileSync(join(runFolder, initialFile), weights)
}

/** The file of the weights that a run was given to begin with; null where they are drawn. */
export function givenWeights(runFolder: string): string | null {
  const file = join(runFolder, initialFile)
  return existsSync(file) ? file : null
}
