/** The “Look inside” screen: feature maps. */
export const enMaps = {
  maps: {
    title: 'Feature maps',
  },
}
