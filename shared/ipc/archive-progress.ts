/** How far a run file or a backup is written or read, in bytes of what is in it. */
export interface ArchiveProgress {
  readonly done: number
  readonly total: number
}
