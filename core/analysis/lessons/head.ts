import { kindOf } from '../../layers/index.ts'
import { text } from '../../network/text.ts'
import { measureLayer } from '../measure.ts'
import {
  categoryOf,
  grouped,
  type Lesson,
  type Net,
  onlyInput,
  onlyOutput,
  paramsOf,
  percent,
} from './net.ts'

/** Below this a head is small whatever its share: LeNet-5's holds 95% of 61,706. */
const MANY = 1_000_000

/**
 * Dense layers behind flattened maps that hold most of the parameters, and what global average pooling would leave of
 * them. VGG D: 123,642,856 of 138,357,544.
 */
export function headHoldsMost(net: Net): Lesson[] {
  const head = headOf(net)
  if (!head) return []
  const { flatten, last, row, maps } = head
  const dense = row.filter((id) => net.layers.get(id)!.kind === 'dense')
  const held = row.reduce((sum, id) => sum + net.layers.get(id)!.trainable, 0)
  const all = net.totals.trainable
  const left = measureLayer(kindOf('dense')!, { ...paramsOf(net, last) }, [[maps]]).trainable
  if (held < MANY || held * 2 <= all || held - left < MANY) return []
  const most = dense.reduce((a, b) => (net.layers.get(b)!.trainable > net.layers.get(a)!.trainable ? b : a))
  const [name, own] = [net.layers.get(most)!.name, net.layers.get(most)!.trainable]
  const [of, share] = [`${grouped(held)} / ${grouped(all)}`, percent(held / all)]
  const saved = grouped(held - left)
  return [
    {
      severity: 'info',
      code: 'head-holds-most',
      layer: most,
      message: text(
        `The dense layers at the end hold ${share} of all parameters (${of}), ${name} alone ${grouped(own)}. So many can learn the training images by heart.`,
        `끝의 완전 연결 레이어가 전체 파라미터의 ${share}(${of})를 차지하며, ${name}만 ${grouped(own)}개입니다. 파라미터가 이렇게 많으면 과적합하기 쉽습니다.`,
      ),
      fix: text(
        `Global average pooling before ${net.layers.get(last)!.name} would leave ${grouped(left)} of them and save ${saved}.`,
        `${net.layers.get(last)!.name} 앞에서 전역 평균 풀링을 쓰면 ${grouped(left)}개만 남아 ${saved}개가 줄어듭니다.`,
      ),
      source: {
        citation: 'Lin, Chen and Yan, Network in network, 2013, section 3.2',
        url: 'https://arxiv.org/abs/1312.4400',
      },
      remedy: {
        label: text('Use global average pooling', '전역 평균 풀링 쓰기'),
        splices: [
          {
            take: [flatten, ...row.slice(0, row.indexOf(last))],
            put: [{ kind: 'global-avgpool' }],
          },
        ],
      },
    },
  ]
}

interface Head {
  readonly flatten: string
  /** Every layer behind it, up to the output, in order. */
  readonly row: readonly string[]
  /** The last dense layer, which makes the classes. */
  readonly last: string
  readonly maps: number
}

/** The row of layers behind the one place where maps are flattened, when nothing branches off it. */
function headOf(net: Net): Head | null {
  const row: string[] = []
  for (let id = net.end; id !== null; id = onlyInput(net, id)) {
    const { kind } = net.layers.get(id)!
    if (row.length > 0 && onlyOutput(net, id) === null) return null
    if (kind === 'flatten') {
      const source = onlyInput(net, id)
      const shape = source === null ? null : net.layers.get(source)!.outputShape
      const last = row.find((other) => net.layers.get(other)!.kind === 'dense')
      const convolved = source !== null && net.order.some((other) => categoryOf(net, other) === 'conv')
      if (!shape || shape.length < 2 || last === undefined || !convolved) return null
      return { flatten: id, row: row.toReversed(), last, maps: shape[0]! }
    }
    if (net.layers.get(id)!.outputShape?.length !== 1) return null
    row.push(id)
  }
  return null
}
