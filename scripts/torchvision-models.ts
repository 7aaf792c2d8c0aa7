/** A model of torchvision, and what it is here. */
export interface TorchvisionModel {
  readonly name: string
  readonly preset: string
  /** Settings with which the preset computes the same. */
  readonly set: Readonly<Record<string, string>>
}

const model = (name: string, preset: string, set: TorchvisionModel['set'] = {}): TorchvisionModel => ({
  ...{ name, preset, set },
})
const inThree = { stride: '3x3' }

/** The models of torchvision that presets are, or become by their settings. */
export const TORCHVISION_MODELS: readonly TorchvisionModel[] = [
  model('alexnet', 'alexnet-single', { version: '2014', lrn: 'off', size: '224' }),
  model('vgg11', 'vgg-a'),
  model('vgg13', 'vgg-b'),
  model('vgg16', 'vgg-d'),
  model('vgg19', 'vgg-e'),
  model('vgg11_bn', 'vgg-a', { batchnorm: 'on' }),
  model('vgg16_bn', 'vgg-d', { batchnorm: 'on' }),
  model('googlenet', 'googlenet', { norm: 'batchnorm', branch: '3x3', pool4: '2x2' }),
  model('resnet18', 'resnet-18'),
  model('resnet34', 'resnet-34'),
  model('resnet50', 'resnet-50', inThree),
  model('resnet101', 'resnet-101', inThree),
  model('resnet152', 'resnet-152', inThree),
  model('wide_resnet50_2', 'wrn-50-2'),
  model('wide_resnet101_2', 'wrn-50-2', { depth: '101' }),
  model('densenet121', 'densenet-121'),
  model('densenet161', 'densenet-121', { depth: '161', growth: '48' }),
  model('densenet169', 'densenet-169'),
  model('densenet201', 'densenet-201'),
]
