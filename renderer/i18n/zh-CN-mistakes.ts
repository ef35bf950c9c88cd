export const zhCNMistakes = {
  mistakes: {
    title: '错误',
  },
}
