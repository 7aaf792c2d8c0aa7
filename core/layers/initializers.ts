import { text } from '../network/text.ts'
import type { Initializer } from './kind.ts'
import { choice } from './params.ts'

export type InitializerName = 'he-normal' | 'glorot-uniform' | 'lenet'

/** How the weights start. */
export const initializerParam = (name: InitializerName = 'he-normal') =>
  choice({
    default: name as InitializerName,
    options: [
      { value: 'he-normal', label: text('He normal', 'He 정규분포') },
      { value: 'glorot-uniform', label: text('Glorot uniform', 'Glorot 균등분포') },
      { value: 'lenet', label: text('LeNet uniform (2.4 / fan-in)', 'LeNet 균등분포 (2.4 / fan-in)') },
    ],
    label: text('Initializer', '초기화'),
    help: text(
      'How weights start: He for ReLU (He et al. 2015), Glorot for tanh and sigmoid (Glorot and Bengio 2010), LeNet as in LeCun et al. 1998.',
      '가중치의 초깃값입니다. ReLU에는 He(He et al. 2015), tanh와 sigmoid에는 Glorot(Glorot and Bengio 2010), LeNet은 LeCun et al. 1998의 방식입니다.',
    ),
  })

/**
 * The named initializer for a tensor whose units have `fanIn` inputs and feed `fanOut` units. `fanIns` gives each
 * row its own where they differ.
 */
export function initializerOf(
  name: InitializerName,
  fanIn: number,
  fanOut: number,
  fanIns?: readonly number[],
): Initializer {
  switch (name) {
    case 'he-normal':
      return { type: 'he-normal', fanIn }
    case 'glorot-uniform':
      return { type: 'glorot-uniform', fanIn, fanOut }
    case 'lenet':
      return { type: 'uniform-fan-in', fanIn, gain: 2.4, ...(fanIns ? { fanIns } : {}) }
  }
}

export const biasParam = () => ({
  type: 'bool' as const,
  default: true,
  label: text('Bias', '편향'),
  help: text('Add one trainable number a map or unit.', '맵 또는 유닛마다 학습되는 값 하나를 더합니다.'),
})

/** The bias of `count` maps or units, or nothing. */
export const biasWeights = (present: boolean, count: number) =>
  present ? [{ name: 'bias', shape: [count], init: { type: 'zeros' } as const }] : []
