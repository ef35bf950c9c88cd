export const zhCNKernels = {
  kernels: {
    title: '学到的卷积核',
  },
}
