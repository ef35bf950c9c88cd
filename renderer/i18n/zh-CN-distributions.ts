import type { enDistributions } from './en-distributions'
import type { Texts } from './texts'

export const zhCNDistributions: Texts<typeof enDistributions> = {
  distributions: {
    title: '分布',
    values: '权重',
    gradients: '梯度',
    which: '显示内容',
    hint: '每一列是一轮结束时的分布，颜色越深，数值越多。梯度取自该轮最后一个批次。',
    waiting: '第一轮结束后显示。',
    none: '此次训练没有记录分布。',
    strip: '{weight}：{n} 轮的分布。{detail} | {weight}：{n} 轮的分布。{detail}',
    epoch: '第 {epoch} 轮',
    spread: '均值 {mean}，标准差 {deviation}',
    ends: '{low} 至 {high}',
    bin: '{total} 个中有 {n} 个在 {value} 附近',
    notFinite: '{n} 个非有限值',
    more: '显示全部 {n} 个',
  },
}
