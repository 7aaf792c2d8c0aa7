import { layerOfWeight, shareWeights } from '../analysis/weights.ts'
import type { ParameterLayout } from '../engine/executor.ts'
import type { NamedTensor } from '../formats/safetensors.ts'
import { text } from '../network/text.ts'
import type { TrainEvent } from '../protocol/events.ts'
import { TrainingError } from './error.ts'

/** Weights of another network to begin with. */
export interface StartWeights {
  /** What messages call them. */
  readonly from: string
  /** Under the other network's names, which begin with the layer's. */
  readonly tensors: readonly Pick<NamedTensor, 'name' | 'shape' | 'data'>[]
  /** Only these layers, by name; all where absent. */
  readonly layers?: readonly string[]
}

/** What was copied and what was not. */
export type StartReport = NonNullable<Extract<TrainEvent, { type: 'started' }>['start']>

/**
 * Copies weights of equal name and shape into fresh ones (in place), as Simonyan and Zisserman (2014) began VGG B to E
 * with layers of a trained A.
 * @throws TrainingError `bad-config` for a layer that is not there, and when nothing fits
 */
export function startFrom(
  { from, tensors, layers }: StartWeights,
  { slots }: ParameterLayout,
  fresh: Float32Array,
): StartReport {
  const names = new Set(slots.map(({ name }) => layerOfWeight(name)))
  const unknown = layers?.find((layer) => !names.has(layer))
  if (unknown !== undefined) {
    throw new TrainingError(
      'bad-config',
      text(
        `the network has no layer "${unknown}" with weights to copy: name layers that it has`,
        `네트워크에 가중치를 복사할 레이어 "${unknown}"이(가) 없습니다. 네트워크에 있는 레이어의 이름을 적어 주세요.`,
      ),
    )
  }
  const report = shareWeights(slots, tensors, layers)
  if (report.copied.length === 0) {
    throw new TrainingError(
      'bad-config',
      text(
        `no weight of ${from} has the name and the shape of one of this network: choose a run of a network like it`,
        `${from}에는 이 네트워크와 이름과 형태가 같은 가중치가 없습니다. 비슷한 네트워크의 학습 기록을 선택해 주세요.`,
      ),
    )
  }
  const offsets = new Map(slots.map(({ name, offset }) => [name, offset]))
  const copied = new Set(report.copied)
  for (const { name, data } of tensors) if (copied.has(name)) fresh.set(data, offsets.get(name)!)
  return { from, copied: [...report.copied], fresh: [...report.fresh], misfits: [...report.misfits] }
}
