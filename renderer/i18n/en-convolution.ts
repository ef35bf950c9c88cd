/** The “Look inside” screen: convolution step by step. */
export const enConvolution = {
  stepper: {
    title: 'Convolution step by step',
  },
}
