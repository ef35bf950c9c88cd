import type { TrainerQuestion } from '../../shared/training/messages'

export interface Question {
  readonly request: number
  readonly what: TrainerQuestion
}

/** What the person wants of a run while it goes on. Set from outside at any time, obeyed by the loop between two steps. */
export interface RunControl {
  pause(): void
  resume(): void
  /** Final: it cannot be taken back, and ends a pause. */
  stop(): void
  inspect(question: Question): void
  readonly wanted: 'run' | 'pause' | 'stop'
  /** Questions since the last call. */
  takeQuestions(): readonly Question[]
  /** Resolves at the next call of any of the four. */
  changed(): Promise<void>
}

export function createRunControl(): RunControl {
  let wanted: RunControl['wanted'] = 'run'
  let questions: Question[] = []
  let wake: (() => void) | null = null

  function want(next: RunControl['wanted']): void {
    if (wanted !== 'stop') wanted = next
    wake?.()
  }

  return {
    pause: () => want('pause'),
    resume: () => want('run'),
    stop: () => want('stop'),
    inspect(question) {
      questions.push(question)
      wake?.()
    },
    get wanted() {
      return wanted
    },
    takeQuestions() {
      const taken = questions
      if (taken.length > 0) questions = []
      return taken
    },
    changed() {
      return new Promise((resolve) => {
        wake = () => {
          wake = null
          resolve()
        }
      })
    },
  }
}
