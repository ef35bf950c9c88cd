import { z } from 'zod'
import { call, changed } from '../../codegen/python'
import { defineLayer, problem, type WeightSpec } from '../define'
import { formatShape } from '../../network/shape'
import { firstInput, lastSize, noWindow, oneInput } from '../parts'

const params = z.strictObject({
  out_features: z.int().min(1).max(65536).default(10),
  bias: z.boolean().default(true),
})

/** torch.nn.Linear on a flat input; `in_features` is inferred. */
export default defineLayer({
  kind: 'linear',
  category: 'dense',
  aliases: ['Dense', 'fully connected', 'fc'],
  arity: oneInput,
  text: {
    en: {
      label: 'Linear',
      summary: 'Every output is a weighted sum of all inputs: a fully connected layer.',
      fields: {
        out_features: { label: 'Outputs', help: 'How many sums are learned.' },
        bias: { label: 'Bias', help: 'Adds one learned value to each output.' },
      },
    },
    'zh-CN': {
      label: '全连接',
      summary: '每个输出都是全部输入的加权和。',
      fields: {
        out_features: { label: '输出数', help: '学习多少个加权和。' },
        bias: { label: '偏置', help: '给每个输出加上一个学习到的数值。' },
      },
    },
  },
  params,
  fields: {
    out_features: { control: 'integer', min: 1, max: 65536 },
    bias: { control: 'toggle' },
  },
  infer(p, inputs) {
    const shape = firstInput(inputs)
    if (shape.length === 1) return { shape: [p.out_features] }
    return problem(
      'needs-flat',
      `needs a flat input, but ${formatShape(shape)} values enter; put a Flatten before it`,
      {
        shape: formatShape(shape),
      },
    )
  },
  weights(p, inputs) {
    const fanIn = lastSize(firstInput(inputs))
    const matrix: WeightSpec = {
      name: 'weight',
      layout: 'linear',
      shape: [p.out_features, fanIn],
      trainable: true,
      init: { type: 'kernel', fanIn, fanOut: p.out_features },
    }
    if (!p.bias) return [matrix]
    return [
      matrix,
      { name: 'bias', layout: 'vector', shape: [p.out_features], trainable: true, init: { type: 'bias', fanIn } },
    ]
  },
  multiplyAdds: (p, inputs) => p.out_features * lastSize(firstInput(inputs)),
  window: noWindow,
  forward(ops, { inputs, params: p, weight }) {
    const sums = ops.matMul(inputs[0], weight('weight'))
    return p.bias ? ops.biasAdd(sums, weight('bias')) : sums
  },
  code: {
    torch: ({ params: p, inputShapes }) => ({
      module: call(
        'nn.Linear',
        [lastSize(firstInput(inputShapes)), p.out_features],
        changed({ bias: p.bias }, { bias: true }),
      ),
    }),
    keras: ({ layer, params: p, inputs: [x] }) => [
      `${call('layers.Dense', [p.out_features], { ...changed({ use_bias: p.bias }, { use_bias: true }), name: layer })}(${x})`,
    ],
  },
})
