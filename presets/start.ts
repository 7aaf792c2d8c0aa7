/** Layers that VGG B to E take from a trained A: the first four convolutions and the dense ones (section 3.1). */
const FROM_VGG_A = ['conv1_1', 'conv2_1', 'conv3_1', 'conv3_2', 'fc6', 'fc7', 'fc8']
const VGG_A = ['vgg-a', 'vgg-a-lrn']

/**
 * The layers that a model's paper begins with those of another, trained one; null where it says nothing of that, so
 * that whatever has the same name and shape is taken.
 * @param from id of the preset that was trained
 */
export function layersToStartFrom(preset: string | undefined, from: string | undefined): string[] | null {
  const deeper = preset?.startsWith('vgg-') && !VGG_A.includes(preset)
  return deeper && from !== undefined && VGG_A.includes(from) ? [...FROM_VGG_A] : null
}
