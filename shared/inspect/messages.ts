import type { WireError } from '../errors'
import type { NetworkDocument } from '../network/document'
import type { RunConfig } from '../training/config'
import type { EngineWeight } from '../training/messages'
import type { InspectAnswer, InspectProgress } from './answers'
import type { InspectQuery } from './queries'

/** Where the weights that are looked at come from. */
export type WeightsOrigin =
  /** A safetensors file. */
  | { readonly type: 'file'; readonly file: string }
  /** Drawn from the run's seed, as its first step found them. */
  | { readonly type: 'initial' }
  /** Sent in a `weights` command under this number, before or soon; newer ones serve as well. */
  | { readonly type: 'live'; readonly number: number }

/** What the inspector is told: first `look`, once, then questions in any number. */
export type InspectorCommand =
  | {
      readonly type: 'look'
      readonly document: NetworkDocument
      readonly config: RunConfig
      /** Folder of the data set's IDX files; null where they were not found. */
      readonly dataFolder: string | null
    }
  /** Comes with a port, through which `weights` arrive from the training. */
  | { readonly type: 'connect' }
  /** Weights of a training under way, in place of those before. */
  | { readonly type: 'weights'; readonly number: number; readonly weights: readonly EngineWeight[] }
  | { readonly type: 'ask'; readonly request: string; readonly weights: WeightsOrigin; readonly query: InspectQuery }
  | { readonly type: 'cancel'; readonly request: string }

export type LookCommand = Extract<InspectorCommand, { readonly type: 'look' }>

/** What the inspector says. Each `ask` is followed by exactly one `answered` or `refused`; silence is a crash. */
export type InspectorEvent =
  | { readonly type: 'answered'; readonly request: string; readonly answer: InspectAnswer }
  | { readonly type: 'refused'; readonly request: string; readonly error: WireError }
  | { readonly type: 'progress'; readonly progress: InspectProgress }
  /** Nothing can be asked any more; the process ends. */
  | { readonly type: 'failed'; readonly error: WireError }
