export const zhCNConvolution = {
  stepper: {
    title: '逐步卷积',
  },
}
