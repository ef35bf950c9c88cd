import type { DocumentAnswer } from '../../../shared/ipc/document-calls'

export interface CloseGuardOptions {
  /** Asks whether to save the design of this name. */
  readonly ask: (name: string) => Promise<DocumentAnswer>
  /** Has the window save; it answers by `saved`. */
  readonly save: () => void
  /** Gives up what is not saved. */
  readonly discard: () => void
  /** Closes for good; `mayClose` is true from here on. */
  readonly close: () => void
}

export interface CloseGuard {
  /** The name of the design that is not saved; null when all is. */
  setUnsaved(name: string | null): void
  /** Whether the window may close at once. If not, the person is asked, and `close` follows when they agree. */
  mayClose(): boolean
  /** What came of `save`. */
  saved(success: boolean): void
}

/** Keeps the window open until the person has said what becomes of an unsaved design. */
export function createCloseGuard({ ask, save, discard, close }: CloseGuardOptions): CloseGuard {
  let unsaved: string | null = null
  let state: 'open' | 'asking' | 'saving' | 'leaving' = 'open'

  function leave(): void {
    state = 'leaving'
    close()
  }
  async function question(name: string): Promise<void> {
    const answer = await ask(name).catch(() => 'cancel' as const)
    if (answer === 'yes') {
      state = 'saving'
      save()
    } else if (answer === 'no') {
      discard()
      leave()
    } else state = 'open'
  }

  return {
    setUnsaved: (name) => (unsaved = name),
    mayClose() {
      if (state === 'leaving' || unsaved === null) return true
      // A window that does not come back from saving is asked about again.
      if (state !== 'asking') {
        state = 'asking'
        void question(unsaved)
      }
      return false
    },
    saved(success) {
      if (state !== 'saving') return
      if (success) leave()
      else state = 'open'
    },
  }
}
