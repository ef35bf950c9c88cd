/** The networks to start from, by their file's name. */
export const enTemplates = {
  template: {
    reference: {
      name: 'Reference CNN',
      description: 'Two convolutions with batch normalisation and three dense layers. Good on MNIST within a minute.',
    },
    lenet5: {
      name: 'LeNet-5',
      description: 'The classic for handwritten digits (LeCun et al. 1998), with average pooling and tanh.',
    },
    'vgg-small': {
      name: 'Small VGG',
      description: 'Stages of two 3 × 3 convolutions and a pooling, for 32 × 32 colour pictures.',
    },
    resnet: {
      name: 'ResNet-14',
      description: 'Residual blocks with skip connections in three stages, for 32 × 32 colour pictures.',
    },
    mobilenet: {
      name: 'Small MobileNet',
      description: 'Depthwise separable convolutions: few parameters and little work, for 32 × 32 colour pictures.',
    },
    'all-convolutional': {
      name: 'All-convolutional',
      description: 'Convolutions only, with stride in place of pooling, dilation to see far, and groups.',
    },
    'squeeze-excitation': {
      name: 'Squeeze and excitation',
      description: 'Each block weighs its channels by what the whole picture holds (Hu et al. 2018).',
    },
  },
}
