import { z } from 'zod'
import { call, changed } from '../../codegen/python'
import { defineLayer } from '../define'
import { noMultiplyAdds, noWeights, noWindow, oneInput, sameShape } from '../parts'

const approximations = ['none', 'tanh'] as const

/** torch.nn.GELU. Hendrycks and Gimpel 2016. */
export default defineLayer({
  kind: 'gelu',
  category: 'activation',
  arity: oneInput,
  text: {
    en: {
      label: 'GELU',
      summary: 'Multiplies every value by the probability that a normal random number is smaller.',
      fields: {
        approximate: {
          label: 'Formula',
          help: 'By the error function, or by a tanh that is close to it.',
          options: { none: 'exact', tanh: 'tanh' },
        },
      },
    },
    'zh-CN': {
      label: 'GELU',
      summary: '把每个数值乘以标准正态随机数小于它的概率。',
      fields: {
        approximate: {
          label: '公式',
          help: '用误差函数精确计算，或用接近它的 tanh 近似。',
          options: { none: '精确', tanh: 'tanh 近似' },
        },
      },
    },
  },
  params: z.strictObject({ approximate: z.enum(approximations).default('none') }),
  fields: { approximate: { control: 'choice', options: approximations } },
  infer: sameShape,
  weights: noWeights,
  multiplyAdds: noMultiplyAdds,
  window: noWindow,
  forward: (ops, { inputs, params: p }) => ops.gelu(inputs[0], { approximate: p.approximate }),
  code: {
    torch: ({ params: p }) => ({
      module: call('nn.GELU', [], changed({ approximate: p.approximate }, { approximate: 'none' })),
    }),
    keras: ({ layer, params: p, inputs: [x] }) => [
      p.approximate === 'tanh'
        ? `keras.ops.gelu(${x}, approximate=True)`
        : `${call('layers.Activation', ['gelu'], { name: layer })}(${x})`,
    ],
  },
})
