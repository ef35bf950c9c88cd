import { defineStore } from 'pinia'
import { ref } from 'vue'
import { AppError, type ErrorKind, type WireError } from '../../shared/errors'

export type ToastContent =
  | { readonly tone: 'error'; readonly error: ErrorDetails }
  | { readonly tone: 'info'; readonly text: string; readonly detail: string; readonly action?: ToastAction | undefined }

/** What can be done about what a toast tells, such as taking it back. */
export interface ToastAction {
  readonly label: string
  /** Its shortcut, as it is written on keys. */
  readonly keys?: string
  readonly run: () => void
}

/** What is shown of an error: a translated sentence by `kind`, with the English detail. */
export interface ErrorDetails {
  readonly kind: ErrorKind
  readonly message: string
  readonly fix: string
  readonly params?: WireError['params']
}

export type Toast = ToastContent & { readonly id: number }

export function errorDetails(error: unknown): ErrorDetails {
  if (error instanceof AppError)
    return { kind: error.kind, message: error.message, fix: error.fix, params: error.params }
  return { kind: 'internal', message: error instanceof Error ? error.message : String(error), fix: '' }
}

/** Short messages at the edge of the window. Errors stay until they are dismissed. */
export const useToasts = defineStore('toasts', () => {
  const toasts = ref<Toast[]>([])
  let lastId = 0

  function add(content: ToastContent): number {
    toasts.value = [...toasts.value.slice(-3), { ...content, id: ++lastId }]
    return lastId
  }

  function report(error: unknown): void {
    const details = errorDetails(error)
    const shown = toasts.value.some((toast) => toast.tone === 'error' && toast.error.message === details.message)
    if (!shown) add({ tone: 'error', error: details })
  }

  /** Gives its number, by which it can be dismissed. */
  function inform(text: string, detail = '', action?: ToastAction): number {
    return add({ tone: 'info', text, detail, action })
  }

  function dismiss(id: number): void {
    toasts.value = toasts.value.filter((toast) => toast.id !== id)
  }

  /** Runs `work`; a failure is shown and gives null. */
  async function guard<T>(work: () => Promise<T>): Promise<T | null> {
    try {
      return await work()
    } catch (error) {
      report(error)
      return null
    }
  }

  return { toasts, add, report, inform, dismiss, guard }
})
