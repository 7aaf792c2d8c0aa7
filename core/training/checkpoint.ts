import { z } from 'zod'
import type { InputTransform } from '../data/dataset.ts'
import type { OptimizerState, ParameterLayout, ParameterSlot } from '../engine/executor.ts'
import { FormatError } from '../formats/error.ts'
import {
  type NamedArray,
  type NamedTensor,
  readSafetensors,
  type SafetensorsFile,
  writeSafetensors,
} from '../formats/safetensors.ts'
import { type Text, text } from '../network/text.ts'
import { TrainingError } from './error.ts'
import { type Progress, progressSchema } from './progress.ts'

/** Everything a run needs to go on as if it had never stopped, and everything its weights need to be used. */
export interface Checkpoint {
  /** All weights, as the layout of the network places them. */
  readonly weights: Float32Array
  readonly optimizer: OptimizerState
  readonly progress: Progress
  readonly data: TrainedOn
}

/** What the network knows of the data it was trained on. */
export interface TrainedOn {
  readonly classes: readonly string[]
  /** How pixels became its input, with the mean and deviation that were measured. */
  readonly transform: InputTransform
}

const KIND = 'layerloom-checkpoint'
/** A weight's name always holds a dot, so these can't be taken for one. */
const OPTIMIZER = 'optimizer:'

const metadataSchema = z.object({
  version: z.literal(1),
  optimizerStep: z.int().min(0),
  progress: progressSchema,
  data: z.object({
    classes: z.array(z.string()),
    transform: z.object({
      shape: z.array(z.int()),
      fit: z.enum(['pad', 'resize']),
      normalization: z.enum(['zero-one', 'lenet', 'standardize']),
      mean: z.array(z.number()).exactOptional(),
      std: z.array(z.number()).exactOptional(),
    }),
  }),
})

/**
 * A checkpoint as a safetensors file: every weight under its own name and shape, so that any program can read it, the
 * optimizer's state beside them, and the rest as JSON in the file's metadata.
 */
export function encodeCheckpoint(layout: ParameterLayout, checkpoint: Checkpoint): Uint8Array {
  const { weights, optimizer, progress, data } = checkpoint
  const state = Object.entries(optimizer.slots).map(
    ([name, values]): NamedArray => ({ name: OPTIMIZER + name, shape: [values.length], data: values }),
  )
  const metadata = { version: 1, optimizerStep: optimizer.step, progress, data }
  return writeSafetensors([...namedWeights(layout, weights), ...state], { [KIND]: JSON.stringify(metadata) })
}

/** Every weight under its name and shape, as views of the flat array. */
export const namedWeights = (layout: ParameterLayout, weights: Float32Array): NamedArray[] =>
  layout.slots.map(({ name, shape, offset, size }) => ({
    name,
    shape,
    data: weights.subarray(offset, offset + size),
  }))

/**
 * Reads a checkpoint for a network. A network with fewer layers than the one that was saved is fine (bypassed
 * blocks): weights are found by name. Throws a TrainingError (`bad-network`) when a weight is missing or of another
 * shape, a FormatError when the file is damaged. `file` is what messages call it.
 */
export function decodeCheckpoint(
  bytes: Uint8Array,
  layout: ParameterLayout,
  file = 'the checkpoint',
): Checkpoint {
  const content = readSafetensors(bytes, file)
  const { optimizerStep, progress, data } = metadataOf(content, file)
  const weights = new Float32Array(layout.size)
  const tensors = new Map(content.tensors.map((tensor) => [tensor.name, tensor]))
  for (const slot of layout.slots) weights.set(weightOf(tensors.get(slot.name), slot, file), slot.offset)
  const slots = content.tensors
    .filter(({ name }) => name.startsWith(OPTIMIZER))
    .map(({ name, data }) => [name.slice(OPTIMIZER.length), data] as const)
  return { weights, optimizer: { step: optimizerStep, slots: Object.fromEntries(slots) }, progress, data }
}

/** How far the run was, without looking at its weights. */
export const checkpointProgress = (bytes: Uint8Array, file = 'the checkpoint'): Progress =>
  metadataOf(readSafetensors(bytes, file), file).progress

function metadataOf(content: SafetensorsFile, file: string) {
  const state = content.metadata[KIND]
  if (state === undefined) {
    throw new FormatError(
      text(
        `${file}: these are weights without the state of a run: choose a checkpoint`,
        `${file}: 학습 상태가 없는 가중치 파일입니다. 체크포인트를 선택해 주세요.`,
      ),
    )
  }
  const parsed = metadataSchema.safeParse(parseJson(state))
  if (!parsed.success) {
    const place = parsed.error.issues[0]?.path.join('.') ?? ''
    throw new FormatError(
      text(
        `${file}: its state is damaged at "${place}": use another checkpoint`,
        `${file}: 학습 상태가 손상되었습니다("${place}"). 다른 체크포인트를 사용해 주세요.`,
      ),
    )
  }
  return parsed.data
}

/** Null for what is no JSON, which no schema takes. */
function parseJson(written: string): unknown {
  try {
    return JSON.parse(written)
  } catch {
    return null
  }
}

function weightOf(tensor: NamedTensor | undefined, slot: ParameterSlot, file: string): Float32Array {
  const misfit = ({ en, ko }: Text) =>
    new TrainingError(
      'bad-network',
      text(
        `${file}: the weight ${slot.name} ${en}: use the network that was trained`,
        `${file}: 가중치 ${slot.name}이(가) ${ko}. 학습한 네트워크를 사용해 주세요.`,
      ),
      { layer: slot.layer },
    )
  if (!tensor) throw misfit(text('is missing', '없습니다'))
  const [theirs, ours] = [tensor.shape, slot.shape].map((axes) => `[${axes.join(', ')}]`)
  if (theirs !== ours) {
    throw misfit(
      text(
        `has shape ${theirs} where the network has ${ours}`,
        `네트워크와 형태가 다릅니다(파일 ${theirs}, 네트워크 ${ours})`,
      ),
    )
  }
  return tensor.data
}
