/** The “Look inside” screen: learned kernels. */
export const enKernels = {
  kernels: {
    title: 'Learned kernels',
  },
}
