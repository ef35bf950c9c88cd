import { movedWeights, readWeights, type WeightRequest } from './reading'

onmessage = ({ data }: MessageEvent<WeightRequest>) => {
  const answer = readWeights(data)
  postMessage(answer, { transfer: movedWeights(answer) })
}
