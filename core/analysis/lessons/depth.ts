import { type Text, text } from '../../network/text.ts'
import { categoryOf, feeding, type Lesson, type Net, nearness, normalizes } from './net.ts'

/**
 * The paper of VGG could train 11 layers from random weights; for 13 and more it took the first ones from those
 * (section 3.1).
 */
const WITHOUT_NORM = 11
/** Plain networks of 20 layers still train well in the paper of ResNet; those of 32 and more end with larger errors. */
const WITHOUT_SHORTCUT = 20

/** What depth costs without what made it trainable: normalization, and short ways for gradients. */
export function depth(net: Net): Lesson[] {
  const far = farthest(net)
  return far ? [...noNormalization(net, far), ...noShortPath(far)] : []
}

/** A deep row of layers where nothing keeps the scale of activations and gradients. */
function noNormalization(net: Net, far: Farthest): Lesson[] {
  if (far.steps <= WITHOUT_NORM) return []
  const main = feeding(net, net.end!)
  if ([...main].some((id) => normalizes(net.layers.get(id)!.kind))) return []
  const convs = [...main].filter((id) => categoryOf(net, id) === 'conv')
  if (convs.length === 0) return []
  return [
    {
      severity: 'info',
      code: 'no-normalization',
      layer: far.id,
      message: text(
        `${far.steps} weighted layers stand in a row without normalization: activations and gradients shrink or grow from layer to layer, and ${far.name} learns last or not at all.`,
        `가중치가 있는 레이어 ${far.steps}개가 정규화 없이 이어집니다. 층을 지날수록 활성값과 그래디언트가 작아지거나 커져 ${far.name}은(는) 늦게 학습되거나 학습되지 않습니다.`,
      ),
      fix: text(
        'Put batch normalization behind every convolution. The paper of VGG, before there was any, started from a trained net of 11 layers.',
        '모든 합성곱 뒤에 배치 정규화를 넣어 주세요. 배치 정규화가 없던 VGG 논문은 먼저 학습한 11층 네트워크에서 시작했습니다.',
      ),
      source: {
        citation: 'Ioffe and Szegedy, Batch normalization, 2015',
        url: 'https://arxiv.org/abs/1502.03167',
      },
      remedy: {
        label: text('Add batch normalization', '배치 정규화 넣기'),
        splices: convs.map((id) => ({ take: [], behind: id, put: [{ kind: 'batchnorm' }] })),
      },
    },
  ]
}

/** Weights that no gradient reaches by a short way. */
function noShortPath(far: Farthest): Lesson[] {
  if (far.steps <= WITHOUT_SHORTCUT) return []
  return [
    {
      severity: 'info',
      code: 'no-short-path',
      layer: far.id,
      message: text(
        `The shortest way of a gradient from the loss to ${far.name} leads through ${far.steps} weighted layers, each of which multiplies it. Deeper plain networks end with a larger training error.`,
        `손실에서 ${far.name}까지 그래디언트가 지나는 가장 짧은 경로에 가중치 레이어가 ${far.steps}개 있고, 지날 때마다 값이 곱해집니다. 지름길 없이 깊어지면 학습 오류도 오히려 커집니다.`,
      ),
      fix: SHORTCUTS,
      source: {
        citation: 'He et al., Deep residual learning for image recognition, 2015, section 4.1',
        url: 'https://arxiv.org/abs/1512.03385',
      },
    },
  ]
}

const SHORTCUTS: Text = text(
  'Lead the input of every two or three layers past them and add it (Add), as in ResNet: the gradient of the addition is 1.',
  'ResNet처럼 두세 레이어마다 그 입력을 건너뛰어 이은 뒤 더하기(Add)로 합쳐 주세요. 덧셈의 그래디언트는 1입니다.',
)

interface Farthest {
  readonly id: string
  readonly name: string
  /** Weighted layers on the shortest way, itself included. */
  readonly steps: number
}

/** The layer with weights that is farthest from every loss, by the shortest way. */
function farthest(net: Net): Farthest | null {
  if (net.end === null) return null
  const near = nearness(net)
  let far: string | null = null
  for (const id of net.order)
    if (net.weighted.has(id) && near.has(id) && (far === null || near.get(id)! > near.get(far)!)) far = id
  return far === null ? null : { id: far, name: net.layers.get(far)!.name, steps: near.get(far)! }
}
