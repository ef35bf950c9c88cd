import { z } from 'zod'
import { call, changed } from '../../codegen/python'
import { defineLayer } from '../define'
import { noMultiplyAdds, noWeights, noWindow, oneInput, sameShape } from '../parts'

/** torch.nn.ELU. Clevert, Unterthiner and Hochreiter 2016. */
export default defineLayer({
  kind: 'elu',
  category: 'activation',
  arity: oneInput,
  text: {
    en: {
      label: 'ELU',
      summary: 'Keeps positive values and bends negative ones smoothly towards -alpha.',
      fields: { alpha: { label: 'Alpha', help: 'How far below zero large negative values end.' } },
    },
    'zh-CN': {
      label: 'ELU',
      summary: '保留正值，让负值平滑地趋近 -α。',
      fields: { alpha: { label: 'α', help: '很大的负值最终落在零以下多远。' } },
    },
  },
  params: z.strictObject({ alpha: z.number().min(0).max(100).default(1) }),
  fields: { alpha: { control: 'number', min: 0, max: 100, step: 0.1 } },
  infer: sameShape,
  weights: noWeights,
  multiplyAdds: noMultiplyAdds,
  window: noWindow,
  forward: (ops, { inputs, params: p }) => ops.elu(inputs[0], { alpha: p.alpha }),
  code: {
    torch: ({ params: p }) => ({ module: call('nn.ELU', [], changed({ alpha: p.alpha }, { alpha: 1 })) }),
    keras: ({ layer, params: p, inputs: [x] }) => [
      `${call('layers.ELU', [], { ...changed({ alpha: p.alpha }, { alpha: 1 }), name: layer })}(${x})`,
    ],
  },
})
