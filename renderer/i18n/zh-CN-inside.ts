export const zhCNInside = {
  inside: {
    title: '观察内部',
    view: '视图',
    run: '运行',
    views: {
      convolution: '卷积',
      kernels: '卷积核',
      maps: '特征图',
      explain: '为何如此判断',
      mistakes: '错误',
    },
  },
}
