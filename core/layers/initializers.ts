import { text } from '../network/text.ts'
import type { Initializer, WeightSpec } from './kind.ts'
import { bool, choice, float } from './params.ts'

export type InitializerName =
  | 'he-normal'
  | 'he-uniform'
  | 'glorot-normal'
  | 'glorot-uniform'
  | 'lecun-normal'
  | 'lecun-uniform'
  | 'lenet'
  | 'normal'
  | 'uniform'
  | 'constant'

/** How the weights start. */
const initializerParam = (name: InitializerName = 'he-normal') =>
  choice({
    default: name as InitializerName,
    options: [
      { value: 'he-normal', label: text('He normal', 'He 정규분포') },
      { value: 'he-uniform', label: text('He uniform', 'He 균등분포') },
      { value: 'glorot-normal', label: text('Glorot normal', 'Glorot 정규분포') },
      { value: 'glorot-uniform', label: text('Glorot uniform', 'Glorot 균등분포') },
      { value: 'lecun-normal', label: text('LeCun normal', 'LeCun 정규분포') },
      { value: 'lecun-uniform', label: text('LeCun uniform', 'LeCun 균등분포') },
      { value: 'lenet', label: text('LeNet uniform (2.4 / fan-in)', 'LeNet 균등분포 (2.4 / fan-in)') },
      { value: 'normal', label: text('Normal', '정규분포') },
      { value: 'uniform', label: text('Uniform', '균등분포') },
      { value: 'constant', label: text('Constant', '상수') },
    ],
    label: text('Initializer', '초기화'),
    help: text(
      'How weights start: He for ReLU (He et al. 2015), Glorot for tanh and sigmoid (Glorot and Bengio 2010), LeCun for units that keep their scale (LeCun et al. 1998, Efficient BackProp), LeNet as in LeNet-5 (LeCun et al. 1998); the others take the scale below.',
      '가중치의 초깃값입니다. ReLU에는 He(He et al. 2015), tanh와 sigmoid에는 Glorot(Glorot and Bengio 2010), 스케일을 유지하는 유닛에는 LeCun(LeCun et al. 1998, Efficient BackProp), LeNet은 LeNet-5(LeCun et al. 1998)의 방식이며, 나머지는 아래 스케일을 씁니다.',
    ),
  })

/** Parameters of everything that has a weight and, if wanted, a bias. */
export const startParams = (name: InitializerName = 'he-normal') => ({
  bias: bool({
    default: true,
    label: text('Bias', '편향'),
    help: text('Add one trainable number a map or unit.', '맵 또는 유닛마다 학습되는 값 하나를 더합니다.'),
  }),
  initializer: initializerParam(name),
  initScale: float({
    default: 0.01,
    min: 0,
    max: 1000,
    label: text('Initial scale', '초기화 스케일'),
    help: text(
      'Standard deviation of Normal, limit of Uniform, value of Constant; the other initializers do without.',
      '정규분포의 표준편차, 균등분포의 한계, 상수의 값입니다. 다른 초기화 방식에는 쓰이지 않습니다.',
    ),
  }),
  biasValue: float({
    default: 0,
    min: -1000,
    max: 1000,
    label: text('Initial bias', '초기 편향'),
    help: text(
      'What every bias starts at. AlexNet starts some layers at 1.',
      '모든 편향의 초깃값입니다. AlexNet은 일부 레이어에서 1로 시작합니다.',
    ),
  }),
})

export interface StartParams {
  readonly bias: boolean
  readonly initializer: InitializerName
  readonly initScale: number
  readonly biasValue: number
}

/** Inputs of a unit, and units that an input feeds. */
export interface Fans {
  readonly fanIn: number
  readonly fanOut: number
  /** One an entry of the weight's first axis, where they differ; used by `lenet` alone. */
  readonly fanIns?: readonly number[]
}

/** `weight` of that shape and, if the layer has one, `bias` for `units` maps or units, each with its start. */
export function startWeights(
  { bias, initializer, initScale, biasValue }: StartParams,
  shape: readonly number[],
  units: number,
  fans: Fans,
): WeightSpec[] {
  const weight: WeightSpec = { name: 'weight', shape, init: initializerOf(initializer, initScale, fans) }
  const start: Initializer = biasValue === 0 ? { type: 'zeros' } : { type: 'constant', value: biasValue }
  return bias ? [weight, { name: 'bias', shape: [units], init: start }] : [weight]
}

function initializerOf(name: InitializerName, scale: number, { fanIn, fanOut, fanIns }: Fans): Initializer {
  switch (name) {
    case 'he-normal':
      return { type: 'he-normal', fanIn }
    case 'he-uniform':
      return { type: 'uniform', limit: Math.sqrt(6 / fanIn) }
    case 'glorot-normal':
      return { type: 'normal', deviation: Math.sqrt(2 / (fanIn + fanOut)) }
    case 'glorot-uniform':
      return { type: 'glorot-uniform', fanIn, fanOut }
    case 'lecun-normal':
      return { type: 'normal', deviation: Math.sqrt(1 / fanIn) }
    case 'lecun-uniform':
      return { type: 'uniform', limit: Math.sqrt(3 / fanIn) }
    case 'lenet':
      return { type: 'uniform-fan-in', fanIn, gain: 2.4, ...(fanIns ? { fanIns } : {}) }
    case 'normal':
      return { type: 'normal', deviation: scale }
    case 'uniform':
      return { type: 'uniform', limit: scale }
    case 'constant':
      return { type: 'constant', value: scale }
  }
}
