import { text } from '../core/network/text.ts'
import { familyOf } from './family.ts'
import { classesOption, sizeOption } from './options.ts'

export const linears = familyOf(
  {
    family: { id: 'linear', title: text('Linear classifier', '선형 분류기') },
    year: 2009,
    paper: {
      citation: 'Krizhevsky, Learning multiple layers of features from tiny images, 2009',
      url: 'https://www.cs.toronto.edu/~kriz/learning-features-2009-TR.pdf',
    },
    summary: text(
      'The baseline: 32×32×3 pixels flattened into one row, and 10 weighted sums. Where things are is lost.',
      '기준선입니다. 32×32×3 픽셀을 한 줄로 펼쳐 가중합 10개를 냅니다. 위치 정보는 사라집니다.',
    ),
    task: 'cifar',
    data: null,
    recipe: {
      optimizer: 'sgd',
      momentum: 0.9,
      learningRate: 0.01,
      weightDecay: 1e-4,
      batch: 128,
      epochs: 20,
    },
    paperRecipe: null,
    options: { size: sizeOption(32), classes: classesOption(10) },
    layers(net, { size, classes }) {
      net.add('input', 'input', { shape: [3, size, size] })
      net.add('flatten', 'flatten')
      net.add('dense', 'output', { units: classes })
    },
  },
  [
    {
      id: 'linear-cifar',
      title: text('Linear classifier (CIFAR)', '선형 분류기 (CIFAR)'),
      variant: text('Flatten and 10 classes', '펼치기와 클래스 10개'),
      figures: { trainable: 30_730, nonTrainable: 0, depth: 1 },
    },
  ],
)
