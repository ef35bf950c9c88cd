import { createReader, moved, type ReadAnswer, type ReadRequest } from '../features/import/reading'

/** The import worker in the window's own thread, for tests: answers later, and moves what the real one moves. */
export class FakeWorker {
  onmessage: ((event: { data: ReadAnswer }) => void) | null = null
  onerror: ((event: { message: string }) => void) | null = null
  private readonly read = createReader()
  private isOver = false

  postMessage(request: ReadRequest, options: { transfer: ArrayBuffer[] }): void {
    const received = structuredClone(request, options)
    setTimeout(() => {
      const answer = this.read(received)
      if (!this.isOver) this.onmessage?.({ data: structuredClone(answer, { transfer: moved(answer) }) })
    })
  }

  terminate(): void {
    this.isOver = true
  }
}
