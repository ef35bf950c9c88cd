import '../../zod-setup'
import { createReader, moved, type ReadRequest } from './reading'

// A model of many megabytes takes longer to read than the window may stand still.
const read = createReader()
onmessage = ({ data }: MessageEvent<ReadRequest>) => {
  const answer = read(data)
  postMessage(answer, { transfer: moved(answer) })
}
