import { byPatterns, type Models } from './library.ts'

const unit = (stage: string, number: string) => `layer${Number(stage) - 1}.${Number(number) - 1}`
const part = (letter: string) => 'abc'.indexOf(letter) + 1
const inThree = { stride: '3x3' }

/** `conv2_1a` is `layer1.0.conv1`; torchvision and timm agree. */
export const resnet: Models = {
  presets: ['resnet-18', 'resnet-34', 'resnet-50', 'resnet-101', 'resnet-152', 'wrn-50-2'],
  settings: { 'resnet-50': inThree, 'resnet-101': inThree, 'resnet-152': inThree, 'wrn-50-2': inThree },
  rename: () =>
    byPatterns([
      [/^conv1$/, () => 'conv1'],
      [/^conv1-bn$/, () => 'bn1'],
      [/^conv(\d)_(\d+)([abc])$/, ([stage, n, letter]) => `${unit(stage!, n!)}.conv${part(letter!)}`],
      [/^conv(\d)_(\d+)([abc])-bn$/, ([stage, n, letter]) => `${unit(stage!, n!)}.bn${part(letter!)}`],
      [/^conv(\d)_(\d+)-shortcut$/, ([stage, n]) => `${unit(stage!, n!)}.downsample.0`],
      [/^conv(\d)_(\d+)-shortcut-bn$/, ([stage, n]) => `${unit(stage!, n!)}.downsample.1`],
      [/^fc$/, () => 'fc'],
    ]),
}
