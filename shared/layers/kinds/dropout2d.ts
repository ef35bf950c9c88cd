import { z } from 'zod'
import { call } from '../../codegen/python'
import { defineLayer } from '../define'
import { firstInput, noMultiplyAdds, noWeights, noWindow, oneInput, withImage } from '../parts'

/** torch.nn.Dropout2d. Tompson et al. 2015. */
export default defineLayer({
  kind: 'dropout2d',
  category: 'regularization',
  aliases: ['SpatialDropout2D'],
  arity: oneInput,
  text: {
    en: {
      label: 'Dropout2d',
      summary:
        'Sets whole random channels of a picture to zero while training, since neighbouring pixels tell the same.',
      fields: { p: { label: 'Probability', help: 'Share of the channels set to zero in each step.' } },
    },
    'zh-CN': {
      label: '通道随机失活',
      summary: '训练时随机把图片的整个通道置零，因为相邻像素包含的信息相近。',
      fields: { p: { label: '概率', help: '每一步被置零的通道所占比例。' } },
    },
  },
  params: z.strictObject({ p: z.number().min(0).max(0.999).default(0.5) }),
  fields: { p: { control: 'number', min: 0, max: 0.999, step: 0.05 } },
  infer: (_p, inputs) => withImage(inputs, () => ({ shape: firstInput(inputs) })),
  weights: noWeights,
  multiplyAdds: noMultiplyAdds,
  window: noWindow,
  forward: (ops, { inputs, layer, params: p }) => ops.dropout(inputs[0], { rate: p.p, layer, channels: true }),
  code: {
    torch: ({ params: p }) => ({ module: call('nn.Dropout2d', [p.p]) }),
    keras: ({ layer, params: p, inputs: [x] }) => [`${call('layers.SpatialDropout2D', [p.p], { name: layer })}(${x})`],
  },
})
