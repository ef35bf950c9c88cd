import { z } from 'zod'
import { defineLayer } from '../define'
import { elementCount } from '../../network/shape'
import { firstInput, noMultiplyAdds, noWeights, noWindow, oneInput } from '../parts'

/** torch.nn.Flatten: channel first, then row, then column. */
export default defineLayer({
  kind: 'flatten',
  category: 'shape',
  arity: oneInput,
  text: {
    en: { label: 'Flatten', summary: 'Lays all values of a picture out in one row.', fields: {} },
    'zh-CN': { label: '展平', summary: '把一张图片的所有数值排成一行。', fields: {} },
  },
  params: z.strictObject({}),
  fields: {},
  infer: (_p, inputs) => ({ shape: [elementCount(firstInput(inputs))] }),
  weights: noWeights,
  multiplyAdds: noMultiplyAdds,
  window: noWindow,
  forward: (ops, { inputs }) => ops.flatten(inputs[0]),
})
