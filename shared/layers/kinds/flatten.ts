import { z } from 'zod'
import { call } from '../../codegen/python'
import { defineLayer } from '../define'
import { asImage, elementCount } from '../../network/shape'
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
  code: {
    torch: () => ({ module: 'nn.Flatten()' }),
    keras({ layer, inputShapes, inputs: [x], output }) {
      const image = asImage(firstInput(inputShapes))
      const flat = call('layers.Flatten', [], { name: layer })
      // Where there is one channel or one place, both orders are the same.
      if (!image || image.channels === 1 || image.height * image.width === 1) return [`${flat}(${x})`]
      return [`${call('layers.Permute', [[3, 1, 2]], { name: `${layer}-permute` })}(${x})`, `${flat}(${output})`]
    },
  },
})
