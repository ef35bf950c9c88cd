import { z } from 'zod'
import { call } from '../../codegen/python'
import { defineLayer } from '../define'
import { noMultiplyAdds, noWeights, noWindow } from '../parts'

const size = z.int().min(1).max(4096)

/** Where the pictures enter. Its parameters must equal the data set's picture size. */
export default defineLayer({
  kind: 'input',
  category: 'input',
  arity: { min: 0, max: 0 },
  text: {
    en: {
      label: 'Input',
      summary: 'The pictures that enter the network, one value per pixel and channel.',
      fields: {
        height: { label: 'Height', help: 'Rows of pixels.' },
        width: { label: 'Width', help: 'Columns of pixels.' },
        channels: { label: 'Channels', help: '1 for grey pictures, 3 for colour.' },
      },
    },
    'zh-CN': {
      label: '输入',
      summary: '进入网络的图片，每个像素、每个通道一个数值。',
      fields: {
        height: { label: '高度', help: '像素行数。' },
        width: { label: '宽度', help: '像素列数。' },
        channels: { label: '通道数', help: '灰度图为 1，彩色图为 3。' },
      },
    },
  },
  params: z.strictObject({ height: size.default(28), width: size.default(28), channels: size.default(1) }),
  fields: {
    height: { control: 'integer', min: 1, max: 4096 },
    width: { control: 'integer', min: 1, max: 4096 },
    channels: { control: 'integer', min: 1, max: 4096 },
  },
  infer: (params) => ({ shape: [params.height, params.width, params.channels] }),
  weights: noWeights,
  multiplyAdds: noMultiplyAdds,
  window: noWindow,
  forward: (_ops, { inputs }) => inputs[0],
  code: {
    torch: ({ inputs: [x] }) => ({ forward: x }),
    keras: ({ layer, shape }) => [call('keras.Input', [shape], { name: layer })],
  },
})
