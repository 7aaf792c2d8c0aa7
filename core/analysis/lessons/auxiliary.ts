import { text } from '../../network/text.ts'
import { feeding, grouped, type Lesson, type Net } from './net.ts'

/**
 * Auxiliary heads whose gradient gets to the trunk by no shorter way than the network's own: they cost weights and
 * time, and help nothing.
 */
export function idleAuxiliary(net: Net): Lesson[] {
  const sides = net.order.filter(
    (id) => net.layers.get(id)!.kind === 'auxiliary' && net.graph.outgoing.get(id)!.length === 0,
  )
  if (net.end === null || sides.length === 0) return []
  const main = feeding(net, net.end)
  const own = distances(net, net.end)
  return sides.flatMap((id) => {
    const branch = [...feeding(net, id)].filter((other) => !main.has(other))
    const side = distances(net, id)
    const joint = branch.flatMap((other) => net.layers.get(other)!.inputs.filter((input) => main.has(input)))
    const helps = joint.some((at) => (side.get(at) ?? Infinity) < (own.get(at) ?? Infinity))
    if (joint.length === 0 || helps) return []
    const at = joint[0]!
    const held = branch.reduce((sum, other) => sum + net.layers.get(other)!.trainable, 0)
    const order = branch.toSorted((a, b) => net.order.indexOf(a) - net.order.indexOf(b))
    const [mine, its] = [side.get(at) ?? 0, own.get(at) ?? 0]
    const from = net.layers.get(at)!.name
    const { name } = net.layers.get(id)!
    return [
      {
        severity: 'warning',
        code: 'auxiliary-without-use',
        layer: id,
        message: text(
          `From ${name} a gradient passes ${mine} weighted layers to ${from}, from the network's own output ${its}: the side branch brings it no nearer, and costs ${grouped(held)} parameters.`,
          `${name}에서 ${from}까지 그래디언트가 지나는 가중치 레이어는 ${mine}개, 네트워크의 출력에서는 ${its}개입니다. 곁가지가 그래디언트를 더 가까이 전하지 못하면서 파라미터 ${grouped(held)}개를 씁니다.`,
        ),
        fix: text(
          'Start it farther from the output, or take it out. GoogLeNet has them behind the third and the sixth of nine modules.',
          '출력에서 더 먼 곳에서 시작하거나 빼 주세요. GoogLeNet은 모듈 아홉 개 중 세 번째와 여섯 번째 뒤에 둡니다.',
        ),
        source: {
          citation: 'Szegedy et al., Going deeper with convolutions, 2015, section 5',
          url: 'https://arxiv.org/abs/1409.4842',
        },
        remedy: {
          label: text('Remove the side branch', '곁가지 지우기'),
          splices: [{ take: order, put: [] }],
        },
      },
    ]
  })
}

/** Weighted layers on the shortest way from the output `end` back to each layer, `end` included, the layer not. */
function distances(net: Net, end: string): ReadonlyMap<string, number> {
  const steps = new Map([[end, 0]])
  for (const id of net.order.toReversed()) {
    const here = steps.get(id)
    if (here === undefined) continue
    const next = here + (net.weighted.has(id) ? 1 : 0)
    for (const input of net.layers.get(id)!.inputs)
      if (next < (steps.get(input) ?? Infinity)) steps.set(input, next)
  }
  return steps
}
