import { alexnets } from './alexnet.ts'
import { c3ds } from './c3d.ts'
import { cifarDensenets, densenets } from './densenet.ts'
import { googlenets } from './googlenet.ts'
import { inceptionModules } from './inception.ts'
import { lenet5 } from './lenet5.ts'
import { lenet5Modern } from './lenet5-modern.ts'
import { linears } from './linear.ts'
import { m5s } from './m5.ts'
import { preactResnets } from './preact-resnet.ts'
import type { Preset } from './preset.ts'
import { plainNets, resnets, wideBottleneck } from './resnet.ts'
import { cifarPlainNets, cifarResnets } from './resnet-cifar.ts'
import { vggs } from './vgg.ts'
import { wideResnets } from './wide-resnet.ts'
import { zfnets } from './zfnet.ts'

export { parseOptions } from './family.ts'
export { OptionError, type OptionValues, type Preset } from './preset.ts'

/** Every documented model, by year; families one after the other, each from its smallest member up. */
export const presets: readonly Preset[] = [
  ...[lenet5, lenet5Modern],
  ...linears,
  ...alexnets,
  ...zfnets,
  ...vggs,
  ...googlenets,
  ...inceptionModules,
  ...plainNets,
  ...cifarPlainNets,
  ...resnets,
  ...cifarResnets,
  ...c3ds,
  ...preactResnets,
  ...densenets,
  ...cifarDensenets,
  ...wideResnets,
  ...wideBottleneck,
  ...m5s,
]

/** The preset of that id; undefined for one that does not exist. */
export const presetOf = (id: string): Preset | undefined => presets.find((preset) => preset.id === id)
