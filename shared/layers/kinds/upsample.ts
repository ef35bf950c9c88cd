import { z } from 'zod'
import { call, changed, code, square } from '../../codegen/python'
import { defineLayer } from '../define'
import { asImage, type ImageShape } from '../../network/shape'
import { firstInput, noMultiplyAdds, noWeights, oneInput, withImage } from '../parts'
import { pair } from '../params'

const modes = ['nearest', 'bilinear'] as const

const params = z.strictObject({
  scale_factor: pair(1, 64).default([2, 2]),
  size: pair(1).nullable().default(null),
  mode: z.enum(modes).default('nearest'),
  align_corners: z.boolean().default(false),
})

/** torch.nn.Upsample, its modes `nearest` and `bilinear`; `size` overrides the factor. */
export default defineLayer({
  kind: 'upsample',
  category: 'shape',
  aliases: ['UpSampling2D', 'resize'],
  arity: oneInput,
  text: {
    en: {
      label: 'Upsample',
      summary: 'Makes the picture larger by repeating pixels or by blending neighbours.',
      fields: {
        scale_factor: { label: 'Factor', help: 'How many times higher and wider the picture becomes.' },
        size: { label: 'Size', help: 'Height and width that come out, in place of the factor; may stay empty.' },
        mode: {
          label: 'Method',
          help: 'Repeats the nearest pixel, or blends the four around.',
          options: { nearest: 'nearest', bilinear: 'bilinear' },
        },
        align_corners: { label: 'Align corners', help: 'Lets the corner pixels meet; for bilinear only.' },
      },
    },
    'zh-CN': {
      label: '上采样',
      summary: '通过重复像素或混合相邻像素把图片放大。',
      fields: {
        scale_factor: { label: '倍数', help: '图片在高和宽上放大多少倍。' },
        size: { label: '大小', help: '输出的高和宽，用来代替倍数；可以留空。' },
        mode: {
          label: '方法',
          help: '重复最近的像素，或混合周围的四个像素。',
          options: { nearest: '最近邻', bilinear: '双线性' },
        },
        align_corners: { label: '对齐角点', help: '让四角的像素重合；仅用于双线性。' },
      },
    },
  },
  params,
  fields: {
    scale_factor: { control: 'pair', min: 1, max: 64 },
    size: { control: 'pair', min: 1, max: 4096, optional: true },
    mode: { control: 'choice', options: modes },
    align_corners: { control: 'toggle' },
  },
  infer: (p, inputs) => withImage(inputs, (image) => ({ shape: [...sizeOf(p, image), image.channels] })),
  weights: noWeights,
  multiplyAdds: noMultiplyAdds,
  window(p, inputs) {
    const image = asImage(firstInput(inputs)) ?? { height: 1, width: 1, channels: 1 }
    const [height, width] = sizeOf(p, image)
    const stride = [image.height / height, image.width / width] as const
    if (p.mode === 'nearest') return { kernel: [1, 1], stride, dilation: [1, 1], offset: [0, 0] }
    const offset = p.align_corners ? ([0, 0] as const) : ([stride[0] / 2 - 0.5, stride[1] / 2 - 0.5] as const)
    return { kernel: [Math.min(2, image.height), Math.min(2, image.width)], stride, dilation: [1, 1], offset }
  },
  forward(ops, { inputs, inputShapes, params: p }) {
    const image = asImage(firstInput(inputShapes)) ?? { height: 1, width: 1, channels: 1 }
    const alignCorners = p.mode === 'bilinear' && p.align_corners
    return ops.resize(inputs[0], { size: sizeOf(p, image), mode: p.mode, alignCorners })
  },
  code: {
    torch({ params: p }) {
      const size = p.size ? { size: square(p.size) } : { scale_factor: square(p.scale_factor) }
      const bilinear = p.mode === 'bilinear'
      const align = bilinear ? changed({ align_corners: p.align_corners }, { align_corners: false }) : {}
      return { module: call('nn.Upsample', [], { ...size, ...(bilinear ? { mode: p.mode } : {}), ...align }) }
    },
    keras({ layer, params: p, inputShapes, inputs: [x] }) {
      const image = asImage(firstInput(inputShapes)) ?? { height: 1, width: 1, channels: 1 }
      const size = sizeOf(p, image)
      const times: readonly [number, number] = [size[0] / image.height, size[1] / image.width]
      if (p.mode === 'nearest' && times.every(Number.isInteger)) {
        return [`${call('layers.UpSampling2D', [square(times)], { name: layer })}(${x})`]
      }
      if (p.mode === 'nearest') return [call('resize_nearest', [code(x), size])]
      const align = changed({ align_corners: p.align_corners }, { align_corners: false })
      return [call('resize_bilinear', [code(x), size], align)]
    },
  },
})

function sizeOf(p: z.infer<typeof params>, image: ImageShape): readonly [number, number] {
  return p.size ?? [image.height * p.scale_factor[0], image.width * p.scale_factor[1]]
}
