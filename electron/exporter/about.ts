import { pixelMean, pixelStd } from '../../shared/data/dataset'
import type { SoundNetwork } from '../../shared/network/analyze'
import type { ExportSource } from './format'

/** How pixels become what enters, in one sentence; it stands in every file that has a place for it. */
export const inputRule = `float32, (pixel / 255 - ${pixelMean}) / ${pixelStd}`

/** What a file says about itself. `order` is the order of its pictures' axes. */
export function describe(source: ExportSource, order: 'NCHW' | 'NHWC'): Record<string, string> {
  const { network, about } = source
  return {
    producer: `Convscope ${about.version}`,
    network: network.document.name,
    run: about.run,
    moment: about.moment,
    input: `${order} [${inputShape(network, order).join(', ')}], ${inputRule}`,
  }
}

function inputShape({ input }: SoundNetwork, order: 'NCHW' | 'NHWC'): (number | string)[] {
  const [height = 1, width = 1, channels = 1] = input.shape
  return order === 'NHWC' ? ['N', height, width, channels] : ['N', channels, height, width]
}
