import { z } from 'zod'
import type { WireError } from '../errors'
import { networkDocumentSchema, type NetworkDocument } from '../network/document'
import { call, gives } from './call'

/** A network file as it was read. */
export interface OpenedDocument {
  readonly document: NetworkDocument
  readonly path: string
}

export interface RecentDocument {
  readonly path: string
  /** The network's name when the file was last opened or saved. */
  readonly name: string
  /** Unix milliseconds. */
  readonly openedAt: number
}

/** `changed`: another program wrote to the file since it was opened here; nothing was written. `cancelled`: no file was chosen. */
export type SaveResult =
  | { readonly type: 'saved'; readonly path: string }
  | { readonly type: 'changed'; readonly path: string }
  | { readonly type: 'cancelled' }

/** What was not saved when the app last ended. One that cannot be read was put aside, which `error` says. */
export type Recovery =
  | {
      readonly type: 'restored'
      readonly document: NetworkDocument
      /** The file that it came from; null where it was never saved. */
      readonly path: string | null
      /** Unix milliseconds. */
      readonly savedAt: number
    }
  | { readonly type: 'unreadable'; readonly error: WireError }

/** A file of another program; one larger than `most` bytes was not read. */
export type ReadImportFile =
  | { readonly type: 'read'; readonly name: string; readonly bytes: Uint8Array }
  | { readonly type: 'too-large'; readonly name: string; readonly size: number; readonly most: number }

export interface NetworkTemplate {
  /** The file's name without its ending. */
  readonly id: string
  readonly document: NetworkDocument
}

/** Questions about files that main asks in a box of the system's; the answers in the order of its buttons. */
export const documentQuestions = ['unsaved', 'changed', 'revert'] as const
export type DocumentQuestion = (typeof documentQuestions)[number]
/** `unsaved`: save or not; `changed`: overwrite or save under another name; `revert`: go back to the file. */
export type DocumentAnswer = 'yes' | 'no' | 'cancel'

/** What the application menu asks of the window. */
export const documentCommands = [
  'new',
  'newFromTemplate',
  'open',
  'import',
  'importWeights',
  'openRun',
  'save',
  'saveAs',
  'saveAndClose',
  'revert',
  'exportPicture',
  'undo',
  'redo',
] as const
export type DocumentCommand = (typeof documentCommands)[number]

/** Kinds of files that are written beside network files. */
export const exportKinds = ['svg', 'png', 'gif', 'npy', 'csv', 'python', 'safetensors'] as const
export type ExportKind = (typeof exportKinds)[number]

const nothing = z.undefined()

export const documentCalls = {
  /** The networks to start from that come with the app. */
  'documents.templates': call(nothing, gives<NetworkTemplate[]>()),
  /** Opens a network file, or asks for one where `path` is null; null when the person changed their mind. */
  'documents.open': call(z.strictObject({ path: z.string().nullable() }), gives<OpenedDocument | null>()),
  /** The bytes of a file to import, or of one that is asked for where `path` is null; null when no file was chosen. */
  'documents.readImport': call(z.strictObject({ path: z.string().nullable() }), gives<ReadImportFile | null>()),
  /** Writes to a file that was opened or chosen before, or asks for one where `path` is null. */
  'documents.save': call(
    z.strictObject({ document: networkDocumentSchema, path: z.string().nullable(), overwrite: z.boolean() }),
    gives<SaveResult>(),
  ),
  'documents.recent': call(nothing, gives<RecentDocument[]>()),
  'documents.clearRecent': call(nothing, gives<undefined>()),
  'documents.ask': call(
    z.strictObject({ question: z.enum(documentQuestions), name: z.string() }),
    gives<DocumentAnswer>(),
  ),
  /** Keeps a design that is not saved through a crash. */
  'documents.autosave': call(
    z.strictObject({ document: networkDocumentSchema, path: z.string().nullable() }),
    gives<undefined>(),
  ),
  'documents.clearAutosave': call(nothing, gives<undefined>()),
  'documents.recover': call(nothing, gives<Recovery | null>()),
  /** What the title bar says, and whether closing has to ask first. */
  'documents.show': call(
    z.strictObject({ name: z.string(), path: z.string().nullable(), dirty: z.boolean() }),
    gives<undefined>(),
  ),
  /** The file that the app was started or called with, once; null when there is none. */
  'documents.pending': call(nothing, gives<string | null>()),
  /** The window has saved, or could not, after `saveAndClose`. */
  'documents.leave': call(z.strictObject({ saved: z.boolean() }), gives<undefined>()),
  /** Asks for a file name and writes a picture, a program or weights; gives the path, or null. */
  'documents.export': call(
    z.strictObject({
      kind: z.enum(exportKinds),
      name: z.string().min(1).max(200),
      content: z.union([z.string(), z.instanceof(Uint8Array)]),
    }),
    gives<string | null>(),
  ),
} as const

export interface DocumentEvents {
  'documents.command': { readonly command: DocumentCommand }
  /** A file waits to be opened: see the call of this name. */
  'documents.pending': { readonly waiting: true }
  'documents.recentChanged': readonly RecentDocument[]
}
