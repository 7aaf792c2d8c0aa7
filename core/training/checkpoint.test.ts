import { describe, expect, it } from 'vitest'
import { presetOf } from '../../presets/index.ts'
import { initialWeights, layoutOf } from '../engine/layout.ts'
import { FormatError } from '../formats/error.ts'
import { readSafetensors, writeSafetensors } from '../formats/safetensors.ts'
import {
  type Checkpoint,
  checkpointProgress,
  decodeCheckpoint,
  encodeCheckpoint,
  namedWeights,
} from './checkpoint.ts'
import { TrainingError } from './error.ts'
import { startProgress } from './progress.ts'

const document = presetOf('lenet5')!.build()
const layout = layoutOf(document)
const checkpoint: Checkpoint = {
  weights: initialWeights(document, 1),
  optimizer: {
    step: 12,
    slots: { velocity: Float32Array.from({ length: layout.trainable }, (_, i) => Math.sin(i)) },
  },
  // a sum that no float32 holds
  progress: {
    ...startProgress(),
    epoch: 2,
    batch: 3,
    step: 12,
    lossSum: 0.1 + 0.2,
    seen: 96,
    bestAccuracy: 0.5,
  },
  data: {
    classes: ['영', '일'],
    transform: {
      shape: [1, 32, 32],
      fit: 'pad',
      normalization: 'standardize',
      mean: [0.1307],
      std: [0.3081],
    },
  },
}
const bytes = encodeCheckpoint(layout, checkpoint)

describe('a checkpoint', () => {
  it('comes back to the last bit', () => {
    expect(decodeCheckpoint(bytes, layout)).toEqual(checkpoint)
    expect(checkpointProgress(bytes)).toEqual(checkpoint.progress)
  })

  it('is a safetensors file with every weight under its name and shape', () => {
    const { tensors } = readSafetensors(bytes)
    const names = Object.fromEntries(tensors.map(({ name, shape }) => [name, shape]))
    expect(names).toMatchObject({ 'c1.weight': [6, 1, 5, 5], 'f6.bias': [84], 'output.codes': [10, 84] })
    expect(names['optimizer:velocity']).toEqual([60_000])
  })

  it('is refused for another network, naming the weight', () => {
    const other = layoutOf(presetOf('lenet5-modern')!.build())
    expect(() => decodeCheckpoint(bytes, other, 'last.safetensors')).toThrow(TrainingError)
    expect(() => decodeCheckpoint(bytes, other, 'last.safetensors')).toThrow(
      'last.safetensors: the weight conv1.weight is missing: use the network that was trained',
    )
    const wider = layout.slots.map((slot) =>
      slot.name === 'f6.bias' ? { ...slot, shape: [85], size: 85 } : slot,
    )
    expect(() => decodeCheckpoint(bytes, { ...layout, slots: wider })).toThrow(
      'the weight f6.bias has shape [84] where the network has [85]',
    )
  })

  it('is refused when it is cut off, or is weights alone', () => {
    expect(() => decodeCheckpoint(bytes.subarray(0, bytes.length - 5), layout)).toThrow(FormatError)
    const alone = writeSafetensors(namedWeights(layout, checkpoint.weights))
    expect(() => decodeCheckpoint(alone, layout)).toThrow('these are weights without the state of a run')
    const damaged = writeSafetensors([], { 'layerloom-checkpoint': '{"version":1,' })
    expect(() => checkpointProgress(damaged)).toThrow('its state is damaged')
  })
})
