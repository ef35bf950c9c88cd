import { z } from 'zod'
import { call } from '../../codegen/python'
import { defineLayer } from '../define'
import { asImage } from '../../network/shape'
import { firstInput, noMultiplyAdds, noWeights, oneInput, withImage } from '../parts'

/** torch.nn.AdaptiveAvgPool2d(1) and torch.nn.Flatten. Lin, Chen and Yan 2014. */
export default defineLayer({
  kind: 'global_avg_pool',
  category: 'pooling',
  aliases: ['GlobalAveragePooling2D', 'gap'],
  arity: oneInput,
  text: {
    en: {
      label: 'GlobalAvgPool',
      summary: 'Leaves one value for each channel: its mean over the picture.',
      fields: {},
    },
    'zh-CN': { label: '全局平均池化', summary: '每个通道只留下一个数值：它在整张图片上的平均值。', fields: {} },
  },
  params: z.strictObject({}),
  fields: {},
  infer: (_p, inputs) => withImage(inputs, ({ channels }) => ({ shape: [channels] })),
  weights: noWeights,
  multiplyAdds: noMultiplyAdds,
  window(_p, inputs) {
    const { height, width } = asImage(firstInput(inputs)) ?? { height: 1, width: 1 }
    return { kernel: [height, width], stride: [0, 0], dilation: [1, 1], offset: [0, 0] }
  },
  forward: (ops, { inputs }) => ops.flatten(ops.adaptiveAvgPool(inputs[0], { size: [1, 1] })),
  code: {
    torch: () => ({ module: 'nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten())' }),
    keras: ({ layer, inputs: [x] }) => [`${call('layers.GlobalAveragePooling2D', [], { name: layer })}(${x})`],
  },
})
