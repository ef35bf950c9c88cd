import type { enExperiments } from './en-experiments'
import type { Texts } from './texts'

export const zhCNExperiments: Texts<typeof enExperiments> = {
  queue: {
    title: '队列',
    add: '加入队列',
    addHint: '已有运行正在进行；前面的结束后，这个就会开始。',
    added: '“{name}”已加入队列',
    addedDetail: '前面还有 {n} 个运行',
    addedHeld: '队列已暂停，继续后才会开始。',
    waiting: '{n} 个等待中',
    count: '{n} 个运行在等待',
    empty: '队列为空',
    emptyHint: '有运行正在进行时按“加入队列”，下一个就会在这里排队。',
    next: '下一个',
    place: '第 {n} 位',
    up: '上移',
    down: '下移',
    first: '移到最前',
    remove: '移出队列',
    clear: '全部移除…',
    clearTitle: '要移除队列中的全部运行吗？',
    clearText: '{n} 个尚未开始的运行会被删除，正在训练的运行不受影响。',
    clearConfirm: '移除',
    pause: '暂停队列',
    resume: '继续',
    heldByPerson: '队列已暂停：正在训练的运行会继续，但下一个不会开始。',
    heldByRestart: '这些运行从上次启动前就在等待，由您决定何时开始。',
    show: '显示',
    nowTraining: '正在训练',
    list: '等待中的运行',
    facts: '{dataset} · {epochs} 轮 · {optimizer} {rate} · 批大小 {batch}',
  },
  experiments: {
    title: '实验',
  },
}
