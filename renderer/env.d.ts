import type { Bridge } from '../shared/ipc/contract'

declare global {
  interface Window {
    /** Put here by the preload script. */
    readonly convscope: Bridge
  }
}
