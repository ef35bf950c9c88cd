import type { RunSummary } from '../../../shared/ipc/contract'
import { isActive } from '../../../shared/training/state'

export interface Notice {
  readonly title: string
  readonly body: string
}

/** `{name}`, `{detail}`, `{message}`, `{n}` and `{failed}` are filled in. */
export interface NoticeTexts {
  readonly runFinished: string
  readonly runFinishedDetail: string
  readonly runStopped: string
  readonly runStoppedDetail: string
  readonly runFailed: string
  readonly runFailedDetail: string
  readonly experimentEnded: string
  readonly experimentEndedDetail: string
  readonly experimentFailedDetail: string
}

export interface EndNoticeOutputs {
  isFocused(): boolean
  show(notice: Notice): void
}

/** How far an experiment is. */
export interface ExperimentCount {
  readonly name: string
  /** Runs that wait or train. */
  readonly open: number
  readonly ended: number
  readonly failed: number
}

export interface EndNoticesOptions {
  readonly out: EndNoticeOutputs
  /** The person's choice. */
  readonly enabled: () => boolean
  readonly texts: () => NoticeTexts
  /** Null for an experiment that is gone. */
  readonly experiment: (id: string) => ExperimentCount | null
}

/**
 * Tells of runs that ended while nobody looked at the window. An experiment is told of once, when the last of its runs has
 * ended: a hundred notices would be switched off.
 */
export function createEndNotices({ out, enabled, texts, experiment }: EndNoticesOptions) {
  const active = new Set<string>()

  function noticeOf(run: RunSummary): Notice | null {
    if (run.experiment !== null) return experimentNotice(run.experiment)
    const t = texts()
    const { name, state } = run
    if (state.type === 'finished') {
      const detail = `${(100 * state.test.accuracy).toFixed(2)}%`
      return { title: fill(t.runFinished, { name }), body: fill(t.runFinishedDetail, { detail }) }
    }
    if (state.type === 'failed')
      return { title: fill(t.runFailed, { name }), body: fill(t.runFailedDetail, { message: state.error.message }) }
    return { title: fill(t.runStopped, { name }), body: t.runStoppedDetail }
  }

  function experimentNotice(id: string): Notice | null {
    const found = experiment(id)
    if (!found || found.open > 0) return null
    const { name, ended: n, failed } = found
    const t = texts()
    const detail = failed > 0 ? t.experimentFailedDetail : t.experimentEndedDetail
    return { title: fill(t.experimentEnded, { name }), body: fill(detail, { n, failed }) }
  }

  return {
    /** To be told of every change of every run. */
    changed(run: RunSummary): void {
      if (isActive(run.state)) active.add(run.id)
      else if (active.delete(run.id) && enabled() && !out.isFocused()) {
        const notice = noticeOf(run)
        if (notice) out.show(notice)
      }
    },
    /** The app ends: what stops now was stopped by the person. */
    close(): void {
      active.clear()
    },
  }
}

function fill(text: string, params: Readonly<Record<string, string | number>>): string {
  return text.replaceAll(/\{(\w+)\}/g, (whole, key: string) => String(params[key] ?? whole))
}
