/** What is done to a damaged database before the window can open, in this order; not every one has each. */
export const recoveryPhases = ['check', 'pages', 'folders'] as const

export interface RecoveryProgress {
  readonly phase: (typeof recoveryPhases)[number]
  /** In pages or folders; a total of 0 where it is not known. */
  readonly done: number
  readonly total: number
}
