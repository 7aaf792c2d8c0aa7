import { type Clip, clipOf } from '../../core/commands/index.ts'
import { type Text, text } from '../../core/network/text.ts'
import { presetOf } from '../../presets/index.ts'
import { placed } from '../canvas/placed.ts'

/** A block of a documented model, offered as a part. */
interface BuiltIn {
  readonly id: string
  readonly title: Text
  readonly help: Text
  readonly preset: string
  readonly group: string
  /**
   * The channels that its model gives it, where its shortcut wants as many back: it takes on the width of what it is
   * put behind.
   */
  readonly width?: number
}

export const builtIn: readonly BuiltIn[] = [
  {
    id: 'residual',
    title: text('Residual block', '잔차 블록'),
    help: text(
      'Two 3x3 convolutions and an identity shortcut around them (He et al. 2015).',
      '3x3 합성곱 두 개와 이를 건너뛰는 항등 지름길(He et al. 2015).',
    ),
    preset: 'resnet-20-cifar',
    group: 'conv2_2',
    width: 16,
  },
  {
    id: 'bottleneck',
    title: text('Bottleneck block', '병목 블록'),
    help: text(
      '1x1, 3x3 and 1x1 convolutions with an identity shortcut (He et al. 2015).',
      '1x1, 3x3, 1x1 합성곱과 항등 지름길(He et al. 2015).',
    ),
    preset: 'resnet-50',
    group: 'conv2_2',
    width: 256,
  },
  {
    id: 'inception',
    title: text('Inception module', 'Inception 모듈'),
    help: text(
      'Branches of 1x1, 3x3 and 5x5 convolutions and pooling, put side by side (Szegedy et al. 2015).',
      '1x1, 3x3, 5x5 합성곱과 풀링 갈래를 나란히 이어 붙입니다(Szegedy et al. 2015).',
    ),
    preset: 'googlenet',
    group: 'inception_3a',
  },
  {
    id: 'dense-layer',
    title: text('Dense layer', '조밀 연결 레이어'),
    help: text(
      'Normalization and convolutions whose maps are put beside their input (Huang et al. 2017).',
      '정규화와 합성곱의 결과를 입력 옆에 이어 붙입니다(Huang et al. 2017).',
    ),
    preset: 'densenet-121',
    group: 'block1_1',
  },
]

const clips = new Map<string, Clip>()

/**
 * A copy of the block to be pasted, made for `channels` where it goes by the width of its input; null where its model has
 * no such block.
 */
export function builtInClip(id: string, channels?: number): Clip | null {
  const entry = builtIn.find((each) => each.id === id)
  const clip = entry && clipOfModel(entry)
  return clip && entry.width !== undefined && channels !== undefined
    ? widened(clip, channels / entry.width)
    : (clip ?? null)
}

/** The clip with as many times the filters. */
function widened(clip: Clip, times: number): Clip {
  return {
    ...clip,
    layers: clip.layers.map((layer) => {
      const { filters } = layer.params
      if (typeof filters !== 'number') return layer
      return { ...layer, params: { ...layer.params, filters: Math.max(1, Math.round(filters * times)) } }
    }),
  }
}

function clipOfModel(entry: BuiltIn): Clip | null {
  const { id } = entry
  const known = clips.get(id)
  if (known) return known
  const model = presetOf(entry.preset)?.build()
  if (!model) return null
  const document = placed(model)
  const group = document.groups.find(({ name }) => name === entry.group)
  const clip = group ? clipOf(document, [group.id]) : null
  if (!clip) return null
  // on its own a block goes by what it is, not by where it stood
  const title = entry.title.en
  const own: Clip = {
    ...clip,
    groups: clip.groups.map((each) => {
      const { parent, ...rest } = each
      return each.id === group?.id ? { ...rest, name: title } : each
    }),
  }
  clips.set(id, own)
  return own
}
