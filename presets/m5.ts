import { int, type ParamsOf } from '../core/layers/params.ts'
import { text } from '../core/network/text.ts'
import { pooledHead } from './blocks/head.ts'
import type { NetworkBuilder } from './builder.ts'
import { familyOf } from './family.ts'
import { classesOption, widthOption } from './options.ts'

const options = {
  length: int({
    default: 32_000,
    min: 2_000,
    max: 1_000_000,
    label: text('Samples', '샘플 수'),
    help: text('4 seconds at 8 kHz are 32,000.', '8 kHz에서 4초가 32,000개입니다.'),
  }),
  width: widthOption(128),
  classes: classesOption(10),
}

function layers(net: NetworkBuilder, { length, width, classes }: ParamsOf<typeof options>): void {
  net.add('input', 'input', { shape: [1, length], normalization: 'standardize' })
  for (const [i, factor] of [1, 1, 2, 4].entries()) {
    const name = `conv${i + 1}`
    const window = i === 0 ? ({ kernel: [80], stride: [4], padding: 'valid' } as const) : {}
    net.add('conv1d', name, { filters: width * factor, ...window })
    net.add('batchnorm', `${name}-bn`)
    net.add('relu', `${name}-relu`)
    net.add('maxpool1d', `pool${i + 1}`, { kernel: [4], stride: [4] })
  }
  pooledHead(net, classes)
}

export const m5s = familyOf(
  {
    family: { id: 'm5', title: text('M5', 'M5') },
    year: 2017,
    paper: {
      citation: 'Dai et al., Very deep convolutional neural networks for raw waveforms, 2017',
      url: 'https://arxiv.org/abs/1610.00087',
    },
    summary: text(
      'Convolutions over the raw waveform: the first filter of 80 samples learns what a spectrogram would compute.',
      '원시 파형에 바로 합성곱을 적용합니다. 80샘플 길이의 첫 필터가 스펙트로그램이 할 일을 배웁니다.',
    ),
    task: 'audio',
    data: null,
    recipe: { optimizer: 'adam', learningRate: 1e-3, weightDecay: 1e-4, batch: 64, epochs: 100 },
    paperRecipe: text(
      'Adam, 100 to 400 epochs, batch norm behind each convolution, L2 about 1e-4; rate and batch are not certain.',
      'Adam, 100~400에폭, 합성곱마다 배치 정규화, L2 약 1e-4. 학습률과 배치는 확실하지 않습니다.',
    ),
    options,
    layers,
  },
  [
    {
      id: 'm5',
      title: text('M5: 1D ConvNet on raw audio', 'M5: 원시 음성용 1D ConvNet'),
      variant: text('Raw audio, 1D', '원시 오디오, 1D'),
      figures: { trainable: 559_114, nonTrainable: 2_048, depth: 5 },
      published: {
        measure: text('UrbanSound8K (accuracy 63.42%)', 'UrbanSound8K (정확도 63.42%)'),
        value: '36.58%',
      },
    },
  ],
)
