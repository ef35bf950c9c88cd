/** The “Look inside” screen: what its views share. */
export const enInside = {
  inside: {
    title: 'Look inside',
    view: 'View',
    run: 'Run',
    views: {
      convolution: 'Convolution',
      kernels: 'Kernels',
      maps: 'Feature maps',
      explain: 'Why this answer',
      mistakes: 'Mistakes',
    },
  },
}
