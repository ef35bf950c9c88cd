import { z } from 'zod'
import { call, code, square } from '../../codegen/python'
import { defineLayer } from '../define'
import { asImage } from '../../network/shape'
import { firstInput, noMultiplyAdds, noWeights, oneInput, withImage } from '../parts'
import { pair } from '../params'

/** torch.nn.AdaptiveAvgPool2d */
export default defineLayer({
  kind: 'adaptive_avg_pool2d',
  category: 'pooling',
  arity: oneInput,
  text: {
    en: {
      label: 'AdaptiveAvgPool2d',
      summary: 'Brings pictures of any size to one size: each output is the mean of its bin.',
      fields: { output_size: { label: 'Output size', help: 'Height and width that come out.' } },
    },
    'zh-CN': {
      label: '自适应平均池化',
      summary: '把任意大小的图片变为同一大小：每个输出是所属区块的平均值。',
      fields: { output_size: { label: '输出大小', help: '输出的高和宽。' } },
    },
  },
  params: z.strictObject({ output_size: pair(1).default([1, 1]) }),
  fields: { output_size: { control: 'pair', min: 1, max: 4096 } },
  infer: (p, inputs) => withImage(inputs, ({ channels }) => ({ shape: [...p.output_size, channels] })),
  weights: noWeights,
  multiplyAdds: noMultiplyAdds,
  window(p, inputs) {
    const { height, width } = asImage(firstInput(inputs)) ?? { height: 1, width: 1 }
    const [rows, columns] = p.output_size
    return {
      kernel: [largestBin(height, rows), largestBin(width, columns)],
      stride: [rows === 1 ? 0 : height / rows, columns === 1 ? 0 : width / columns],
      dilation: [1, 1],
      offset: [0, 0],
    }
  },
  forward: (ops, { inputs, params: p }) => ops.adaptiveAvgPool(inputs[0], { size: p.output_size }),
  code: {
    torch: ({ params: p }) => ({ module: call('nn.AdaptiveAvgPool2d', [square(p.output_size)]) }),
    keras({ layer, params: p, inputShapes, inputs: [x] }) {
      const { height, width } = asImage(firstInput(inputShapes)) ?? { height: 1, width: 1 }
      const bins: readonly [number, number] = [height / p.output_size[0], width / p.output_size[1]]
      if (!bins.every(Number.isInteger)) return [call('adaptive_avg_pool2d', [code(x), p.output_size])]
      return [`${call('layers.AveragePooling2D', [square(bins)], { name: layer })}(${x})`]
    },
  },
})

function largestBin(input: number, output: number): number {
  const sizes = Array.from(
    { length: output },
    (_, bin) => Math.ceil(((bin + 1) * input) / output) - Math.floor((bin * input) / output),
  )
  return Math.max(...sizes)
}
