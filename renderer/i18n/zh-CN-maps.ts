export const zhCNMaps = {
  maps: {
    title: '特征图',
  },
}
