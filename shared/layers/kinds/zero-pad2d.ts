import { z } from 'zod'
import { call, sidesValue } from '../../codegen/python'
import { defineLayer } from '../define'
import { noMultiplyAdds, noWeights, oneInput, withImage } from '../parts'

const side = z.int().min(0).max(4096).default(1)

/** torch.nn.ZeroPad2d, without its negative padding. */
export default defineLayer({
  kind: 'zero_pad2d',
  category: 'shape',
  aliases: ['ZeroPadding2D'],
  arity: oneInput,
  text: {
    en: {
      label: 'ZeroPad2d',
      summary: 'Puts rows and columns of zeros around the picture.',
      fields: {
        left: { label: 'Left', help: 'Columns of zeros at the left.' },
        right: { label: 'Right', help: 'Columns of zeros at the right.' },
        top: { label: 'Top', help: 'Rows of zeros above.' },
        bottom: { label: 'Bottom', help: 'Rows of zeros below.' },
      },
    },
    'zh-CN': {
      label: '零填充',
      summary: '在图片四周补上若干行和列的零。',
      fields: {
        left: { label: '左', help: '左侧补零的列数。' },
        right: { label: '右', help: '右侧补零的列数。' },
        top: { label: '上', help: '上方补零的行数。' },
        bottom: { label: '下', help: '下方补零的行数。' },
      },
    },
  },
  params: z.strictObject({ left: side, right: side, top: side, bottom: side }),
  fields: {
    left: { control: 'integer', min: 0, max: 4096 },
    right: { control: 'integer', min: 0, max: 4096 },
    top: { control: 'integer', min: 0, max: 4096 },
    bottom: { control: 'integer', min: 0, max: 4096 },
  },
  infer: (p, inputs) =>
    withImage(inputs, ({ height, width, channels }) => ({
      shape: [height + p.top + p.bottom, width + p.left + p.right, channels],
    })),
  weights: noWeights,
  multiplyAdds: noMultiplyAdds,
  window: (p) => ({ kernel: [1, 1], stride: [1, 1], dilation: [1, 1], offset: [-p.top, -p.left] }),
  forward: (ops, { inputs, params: { top, bottom, left, right } }) =>
    ops.zeroPad(inputs[0], { top, bottom, left, right }),
  code: {
    torch: ({ params: { left, right, top, bottom } }) => ({
      module: call(
        'nn.ZeroPad2d',
        new Set([left, right, top, bottom]).size === 1 ? [left] : [[left, right, top, bottom]],
      ),
    }),
    keras: ({ layer, params, inputs: [x] }) => [
      `${call('layers.ZeroPadding2D', [sidesValue(params)], { name: layer })}(${x})`,
    ],
  },
})
