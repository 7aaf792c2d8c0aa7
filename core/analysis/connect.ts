import { kindOf } from '../layers/index.ts'
import { blocksOf } from '../network/blocks.ts'
import { graphOf, reaches } from '../network/graph.ts'
import type { NetworkDocument } from '../network/schema.ts'
import { type Text, text } from '../network/text.ts'
import { analyze } from './analyze.ts'
import { rankProblem } from './issues.ts'

export interface Refusal {
  /** `port-full` is the one that a canvas may answer by replacing the wire that is there. */
  readonly code: 'no-such-layer' | 'no-such-port' | 'self' | 'cycle' | 'connected' | 'port-full' | 'rank'
  readonly message: Text
}

/**
 * Whether a wire may be drawn from the output of layer `from` to port `to.port` of layer `to.layer`: null, or the
 * reason why not. An output whose shape is not known yet may go anywhere.
 */
export function canConnect(
  document: NetworkDocument,
  from: string,
  to: { readonly layer: string; readonly port: string },
): Refusal | null {
  const graph = graphOf(document)
  const { layers } = blocksOf(document)
  const source = layers.get(from)
  const target = layers.get(to.layer)
  if (!source || !target)
    return refuse('no-such-layer', 'That layer is not there any more.', '그 레이어는 더 이상 없습니다.')
  const port = kindOf(target.kind)?.inputs.find((p) => p.name === to.port)
  if (!port)
    return refuse(
      'no-such-port',
      `${target.name} takes no input there.`,
      `${target.name}의 그 자리에는 입력을 연결할 수 없습니다.`,
    )
  if (from === to.layer)
    return refuse('self', 'A layer cannot feed itself.', '레이어의 출력을 자기 자신에 연결할 수 없습니다.')
  if (reaches(graph, to.layer, from))
    return refuse(
      'cycle',
      `${target.name} already feeds ${source.name}: the wire would close a loop.`,
      `${target.name}의 출력이 이미 ${source.name}(으)로 이어져 있어 순환이 생깁니다.`,
    )
  const shape = analyze(document).layers.get(from)?.outputShape
  const rank = shape ? rankProblem(target.name, port, shape, source.name) : null
  if (rank) return refuse('rank', `${rank.message.en} ${rank.fix.en}`, `${rank.message.ko} ${rank.fix.ko}`)
  const here = document.wires.filter((wire) => wire.to.layer === to.layer && wire.to.port === to.port)
  if (!port.variadic && here.some((wire) => wire.from.layer === from))
    return refuse('connected', 'They are connected already.', '이미 연결되어 있습니다.')
  if (!port.variadic && here.length > 0)
    return refuse(
      'port-full',
      `${target.name} takes one input and has one. Remove that wire first, or join them with Add or Concat.`,
      `${target.name}의 입력은 하나뿐이고 이미 연결되어 있습니다. 그 연결선을 지우거나, 더하기나 이어 붙이기로 합쳐 주세요.`,
    )
  return null
}

const refuse = (code: Refusal['code'], en: string, ko: string): Refusal => ({ code, message: text(en, ko) })
