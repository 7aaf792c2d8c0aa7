import { describe, expect, it } from 'vitest'
import { adaptInput } from './adapt-input.ts'
import { analyze } from './analyze.ts'
import { net } from './fixtures.ts'

const coarse = () =>
  net(
    ['in', 'input', { shape: [3, 227, 227] }],
    ['conv1', 'conv2d', { filters: 8, kernel: [11, 11], stride: [4, 4], padding: 'valid' }],
    ['pool1', 'maxpool2d', { kernel: [3, 3], stride: [2, 2] }],
    ['pool2', 'maxpool2d', { kernel: [3, 3], stride: [2, 2] }],
    ['flat', 'flatten'],
    ['fc', 'dense', { units: 10 }],
  )

const errors = (document: ReturnType<typeof net>) =>
  analyze(document).issues.filter(({ severity }) => severity === 'error')

describe('adaptInput', () => {
  it('changes nothing but the input where every map stays', () => {
    const adapted = adaptInput(coarse(), [128, 96])!
    expect(analyze(adapted.document).input).toEqual([3, 128, 96])
    expect(adapted.messages.map(({ en }) => en)).toEqual([
      'The network takes images of 128×96 instead of 227×227.',
    ])
    expect(adapted.document.layers.slice(1)).toEqual(coarse().layers.slice(1))
  })

  it('halves strides from the input on until no map vanishes', () => {
    const adapted = adaptInput(coarse(), [32, 32])!
    expect(errors(adapted.document)).toEqual([])
    expect(adapted.document.layers[1]!.params.stride).toEqual([2, 2])
    expect(adapted.document.layers[2]).toEqual(coarse().layers[2])
    expect(adapted.messages[1]!.en).toBe('Strides are smaller, so that no map vanishes: conv1 4×4 → 2×2.')
  })

  it('brings the recipe along: crops of 16 of 224 pixels would leave little of 32', () => {
    const recipe = { optimizer: 'sgd', learningRate: 0.01, batch: 32, epochs: 9 } as const
    const adapt = (augment: { crop: number; flip?: boolean }) =>
      adaptInput({ ...coarse(), recipe: { ...recipe, augment } }, [32, 28])!
    expect(adapt({ crop: 16, flip: true }).document.recipe!.augment).toEqual({ crop: 2, flip: true })
    expect(adapt({ crop: 16 }).messages.at(-1)!.en).toBe(
      'Random crops move images by up to 2 pixels instead of 16, as large a share of them.',
    )
    expect(adapt({ crop: 2, flip: true }).document.recipe!.augment).toEqual({ flip: true })
  })

  it('gives the network itself where it takes that size already', () => {
    const document = coarse()
    expect(adaptInput(document, [227, 227])).toEqual({ document, messages: [] })
  })

  it('gives null where that is not enough, and for what takes no images', () => {
    expect(adaptInput(coarse(), [4, 4])).toBeNull()
    expect(adaptInput(net(['in', 'input', { shape: [1, 8000] }], ['fc', 'dense']), [32, 32])).toBeNull()
  })
})
