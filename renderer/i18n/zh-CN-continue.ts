import type { enContinue } from './en-continue'
import type { Texts } from './texts'

export const zhCNContinue: Texts<typeof enContinue> = {
  continue: {
    resume: '继续训练',
    resumeHint: '从最后一个检查点继续，结果与从未中断时完全相同。',
    blocked: '另一个训练正在进行。',
    trainOn: '继续更多轮…',
    trainOnTitle: '继续训练“{name}”',
    trained: '已训练 {n} 轮。',
    epochs: '总轮数',
    tooFew: '请输入大于 {done} 的整数。',
    stretches: '该学习率调度按整个训练展开：之后将沿更长的曲线变化。',
    go: '继续训练',
    fork: '派生…',
    forkTitle: '从“{name}”派生新的训练',
    forkHint: '新训练以所选时刻的权重开始；原训练保持不变。',
    forkGo: '训练',
    from: '权重',
    settings: '设置',
    settingsOfRun: '沿用此训练',
    settingsOfForm: '使用训练表单',
    keepOptimizer: '沿用优化器状态',
    keepOptimizerHint: '仅最新的检查点和最佳检查点仍保留优化器状态。',
    interrupted: 'Convscope 在训练“{name}”时退出。最后一个检查点之前的内容均未丢失。',
    waiting: '训练正在等待',
  },
}
