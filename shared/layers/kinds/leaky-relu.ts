import { z } from 'zod'
import { call } from '../../codegen/python'
import { defineLayer } from '../define'
import { noMultiplyAdds, noWeights, noWindow, oneInput, sameShape } from '../parts'

/** torch.nn.LeakyReLU. Maas, Hannun and Ng 2013. */
export default defineLayer({
  kind: 'leaky_relu',
  category: 'activation',
  arity: oneInput,
  text: {
    en: {
      label: 'LeakyReLU',
      summary: 'Keeps positive values and lets a small share of the negative ones through.',
      fields: { negative_slope: { label: 'Negative slope', help: 'What negative values are multiplied by.' } },
    },
    'zh-CN': {
      label: 'LeakyReLU',
      summary: '保留正值，并让负值的一小部分通过。',
      fields: { negative_slope: { label: '负半轴斜率', help: '负值所乘的系数。' } },
    },
  },
  params: z.strictObject({ negative_slope: z.number().min(0).max(10).default(0.01) }),
  fields: { negative_slope: { control: 'number', min: 0, max: 10, step: 0.01 } },
  infer: sameShape,
  weights: noWeights,
  multiplyAdds: noMultiplyAdds,
  window: noWindow,
  forward: (ops, { inputs, params: p }) => ops.leakyRelu(inputs[0], { slope: p.negative_slope }),
  code: {
    torch: ({ params: p }) => ({ module: call('nn.LeakyReLU', [p.negative_slope]) }),
    keras: ({ layer, params: p, inputs: [x] }) => [
      `${call('layers.LeakyReLU', [], { negative_slope: p.negative_slope, name: layer })}(${x})`,
    ],
  },
})
