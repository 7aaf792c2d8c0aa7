import type { Issue } from '../../../core/network/issue.ts'
import { type Text, text } from '../../../core/network/text.ts'
import { small } from '../../analysis/format.ts'
import type { Trouble } from './trouble.ts'

/** Where a gradient was seen that is not well. */
export interface Seen {
  readonly trouble: Trouble
  readonly layer: string
  readonly step: number
  /** Length of the layer's gradient, and the largest of all layers; NaN where not finite. */
  readonly gradient: number
  readonly largest: number
}

const EXPLODING = {
  citation: 'Pascanu, Mikolov, Bengio: On the difficulty of training recurrent neural networks, ICML 2013',
  url: 'https://arxiv.org/abs/1211.5063',
}
const VANISHING = {
  citation:
    'Glorot, Bengio: Understanding the difficulty of training deep feedforward neural networks, AISTATS 2010',
  url: 'https://proceedings.mlr.press/v9/glorot10a.html',
}
/** Where the usual ratio of update to weights is from. */
export const UPDATE_SOURCE = {
  citation: 'Karpathy: CS231n, Neural Networks Part 3, ratio of weights to updates',
  url: 'https://cs231n.github.io/neural-networks-3/#ratio',
}

const CLIP = text(
  'Lower the learning rate, warm it up, or clip gradients.',
  '학습률을 낮추거나 워밍업을 두거나 그래디언트를 클리핑해 주세요.',
)
const REACH = text(
  'Rectifiers instead of saturating activations, batch normalization, He initialization or a skip connection let it through.',
  '포화하는 활성화 대신 ReLU를 쓰거나 배치 정규화, He 초기화, 스킵 연결을 넣으면 그래디언트가 전달됩니다.',
)

/** A gradient that is not well, as the canvas and the table of layers tell it: what, what to do, and who found it. */
export function lessonOf({ trouble, layer, step, gradient, largest }: Seen): Issue {
  const told: Readonly<Record<Trouble, { message: Text; fix: Text; source: Issue['source'] }>> = {
    vanishing: {
      message: text(
        `The gradient vanishes here: at step ${step} it is ${small(gradient)} long, below a ten-millionth of the largest (${small(largest)}), so this layer does not learn.`,
        `그래디언트가 여기서 소실됩니다. 스텝 ${step}에서 크기가 ${small(gradient)}로, 가장 큰 값(${small(largest)})의 천만분의 1에도 못 미쳐 이 레이어는 학습되지 않습니다.`,
      ),
      fix: REACH,
      source: VANISHING,
    },
    exploding: {
      message: text(
        `The gradient explodes here: at step ${step} it is ${small(gradient)} long, a thousand times what is usual for this layer.`,
        `그래디언트가 여기서 폭발합니다. 스텝 ${step}에서 크기가 ${small(gradient)}로, 이 레이어의 평소 값보다 천 배 이상 큽니다.`,
      ),
      fix: CLIP,
      source: EXPLODING,
    },
    'not-finite': {
      message: text(
        `Numbers overflowed here: at step ${step} this layer's gradient or weights are no longer finite.`,
        `여기서 값이 넘쳤습니다. 스텝 ${step}에서 이 레이어의 그래디언트나 가중치가 더 이상 유한한 값이 아닙니다.`,
      ),
      fix: CLIP,
      source: EXPLODING,
    },
  }
  const { message, fix, source } = told[trouble]
  return {
    severity: trouble === 'vanishing' ? 'warning' : 'error',
    code: `${trouble}-gradient`,
    layer,
    message,
    fix,
    ...(source && { source }),
  }
}
