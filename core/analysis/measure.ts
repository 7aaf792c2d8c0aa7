import type { AnyKind, AnyParams } from '../layers/index.ts'
import type { Receptive, Shape } from '../layers/kind.ts'
import { product, showShape } from '../layers/shape.ts'
import type { Issue } from '../network/issue.ts'
import { text } from '../network/text.ts'

/** What one layer amounts to for given input shapes. */
export interface LayerFigures {
  readonly issues: readonly Omit<Issue, 'layer'>[]
  /** Null when it would be empty or a rule of the kind is broken. */
  readonly outputShape: Shape | null
  readonly trainable: number
  readonly nonTrainable: number
  readonly macs: number
  readonly connections: number
  readonly activationBytes: number
  /** Null when output places are no windows of the input any more; absent when they are the same places. */
  readonly receptive?: Receptive | null
  /** Counts for the depth of a network: it has a weight tensor of rank 2 or more and does not merely normalize. */
  readonly weighted: boolean
}

interface Known {
  readonly inputs: string
  readonly figures: LayerFigures
}
/** By the parameters that `resolveLayer` gives, which stay one object while a layer's kind and parameters do. */
const measured = new WeakMap<object, Known>()

/** Figures of a layer whose parameters are valid and whose inputs have the right ranks. */
export function measureLayer(kind: AnyKind, params: AnyParams, inputs: readonly Shape[]): LayerFigures {
  const key = inputs.map(showShape).join(' ')
  const known = measured.get(params)
  if (known?.inputs === key) return known.figures
  const figures = measure(kind, params, inputs)
  measured.set(params, { inputs: key, figures })
  return figures
}

const failed = (issues: readonly Omit<Issue, 'layer'>[]): LayerFigures => ({
  issues,
  outputShape: null,
  trainable: 0,
  nonTrainable: 0,
  macs: 0,
  connections: 0,
  activationBytes: 0,
  weighted: false,
})

function measure(kind: AnyKind, params: AnyParams, inputs: readonly Shape[]): LayerFigures {
  const issues = kind.check?.(params, inputs) ?? []
  if (issues.some((issue) => issue.severity === 'error')) return failed(issues)
  const outputShape = kind.inferShape(params, inputs)
  if (!outputShape.every((n) => Number.isSafeInteger(n) && n >= 1))
    return failed([...issues, emptyOutput(outputShape)])
  const size = product(outputShape)
  const weights = kind.weights?.(params, inputs) ?? []
  let trainable = 0
  let nonTrainable = 0
  for (const weight of weights) {
    if (weight.trainable === false) nonTrainable += product(weight.shape)
    else trainable += product(weight.shape)
  }
  return {
    issues,
    outputShape,
    trainable,
    nonTrainable,
    macs: kind.macs?.(params, inputs, outputShape) ?? 0,
    connections: kind.connections?.(params, inputs, outputShape) ?? 0,
    activationBytes: 4 * size,
    ...(kind.receptive && { receptive: kind.receptive(params, inputs) }),
    weighted: kind.category !== 'norm' && weights.some((weight) => weight.shape.length > 1),
  }
}

const emptyOutput = (shape: Shape): Omit<Issue, 'layer'> => ({
  severity: 'error',
  code: 'empty-output',
  message: text(
    `The output would be ${showShape(shape)}: every size must be 1 or more.`,
    `출력이 ${showShape(shape)}이(가) 됩니다. 모든 크기는 1 이상이어야 합니다.`,
  ),
  fix: text(
    'Use a smaller kernel or more padding, or shrink the maps less before.',
    '커널을 줄이거나 패딩을 늘리거나, 앞에서 특징 맵을 덜 줄여 주세요.',
  ),
})
