export const zhCNExplain = {
  explain: {
    title: '为何如此判断',
  },
}
