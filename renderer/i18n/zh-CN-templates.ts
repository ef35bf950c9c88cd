import type { Messages } from './en'

export const zhCNTemplates: Pick<Messages, 'template'> = {
  template: {
    reference: {
      name: '参考网络',
      description: '两个带批归一化的卷积层和三个全连接层。一分钟内就能在 MNIST 上取得好结果。',
    },
    lenet5: {
      name: 'LeNet-5',
      description: '手写数字识别的经典网络（LeCun 等，1998），使用平均池化和 tanh。',
    },
    'vgg-small': {
      name: '小型 VGG',
      description: '每个阶段由两个 3 × 3 卷积和一个池化组成，用于 32 × 32 彩色图片。',
    },
    resnet: {
      name: 'ResNet-14',
      description: '三个阶段的残差块，带跳跃连接，用于 32 × 32 彩色图片。',
    },
    mobilenet: {
      name: '小型 MobileNet',
      description: '深度可分离卷积：参数少、计算量小，用于 32 × 32 彩色图片。',
    },
    'all-convolutional': {
      name: '全卷积网络',
      description: '只用卷积：以步幅代替池化，用空洞卷积扩大视野，并使用分组卷积。',
    },
    'squeeze-excitation': {
      name: '压缩与激励',
      description: '每个块根据整张图片的内容给各通道加权（Hu 等，2018）。',
    },
  },
}
