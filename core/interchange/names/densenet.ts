import { byPatterns, type Models } from './library.ts'

const layer = (block: string, n: string) => `features.denseblock${block}.denselayer${n}`

/** `block1_2-conv1` is `features.denseblock1.denselayer2.conv1`; torchvision and timm agree. */
export const densenet: Models = {
  presets: ['densenet-121', 'densenet-169', 'densenet-201', 'densenet-264'],
  settings: {},
  rename: () =>
    byPatterns([
      [/^conv0$/, () => 'features.conv0'],
      [/^conv0-bn$/, () => 'features.norm0'],
      [/^block(\d+)_(\d+)-conv([12])$/, ([block, n, i]) => `${layer(block!, n!)}.conv${i}`],
      [/^block(\d+)_(\d+)-conv([12])-bn$/, ([block, n, i]) => `${layer(block!, n!)}.norm${i}`],
      [/^transition(\d+)-conv$/, ([n]) => `features.transition${n}.conv`],
      [/^transition(\d+)-conv-bn$/, ([n]) => `features.transition${n}.norm`],
      [/^final-bn$/, () => 'features.norm5'],
      [/^fc$/, () => 'classifier'],
    ]),
}
