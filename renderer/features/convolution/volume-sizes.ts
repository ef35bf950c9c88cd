import { outputShape, type ConvolutionCase } from '../../../shared/convolution/case'
import { formatShape } from '../../../shared/network/shape'

/** How the sizes of the volumes are written, height first: `5 × 5 × 3`. */
export function volumeSizes(of: ConvolutionCase): Readonly<Record<'input' | 'kernel' | 'output', string>> {
  const [count, rows, columns] = of.inputShape
  const [, perGroup, kernelHeight, kernelWidth] = of.kernelShape
  const [outputs, outputRows, outputColumns] = outputShape(of)
  return {
    input: formatShape([rows, columns, count]),
    kernel: formatShape([kernelHeight, kernelWidth, perGroup]),
    output: formatShape([outputRows, outputColumns, outputs]),
  }
}
