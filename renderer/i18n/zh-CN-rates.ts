import type { enRates } from './en-rates'
import type { Texts } from './texts'

export const zhCNRates: Texts<typeof enRates> = {
  rates: {
    open: '寻找学习率',
    title: '寻找学习率',
    about: '用网络的全新副本训练，学习率逐步升高。损失下降最久之处是合适的学习率；损失再次上升之处则过高。',
    steps: '步数',
    from: '最低学习率',
    to: '最高学习率',
    start: '开始测试',
    again: '再次测试',
    stop: '停止',
    testing: '正在启动引擎…',
    progress: '第 {step} 步，最多 {steps} 步',
    busy: '有训练正在进行。请停止它或等它结束。',
    chart: '损失随学习率的变化',
    chartLabel: '损失随学习率的变化，{n} 个点。{detail}',
    smoothed: '平滑后',
    loss: '损失',
    suggestion: '建议值',
    suggested: '建议：{rate}',
    suggestedWhy: '位于损失下降最久的区间中部。下降最快处为 {steepest}。',
    none: '损失从未下降。请换用其他学习率或增加步数。',
    diverged: '在 {rate} 处损失上升，测试结束。',
    use: '使用此学习率',
    used: '学习率已设为 {rate}',
    higher: '须高于最低学习率。',
    empty: '曲线将显示在这里。',
  },
}
