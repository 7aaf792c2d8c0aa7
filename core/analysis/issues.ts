import type { AnyKind } from '../layers/index.ts'
import type { Port, Shape } from '../layers/kind.ts'
import { showShape } from '../layers/shape.ts'
import { blocksOf } from '../network/blocks.ts'
import type { Graph } from '../network/graph.ts'
import type { Issue } from '../network/issue.ts'
import type { Layer, NetworkDocument, Wire } from '../network/schema.ts'
import { type Text, text } from '../network/text.ts'

/** What the analysis has to say of wiring and of the network as a whole; kinds speak for themselves in `check`. */

export function cycle(layer: Layer, cyclic: readonly Layer[]): Issue {
  const names = cyclic.slice(0, 6).map((other) => other.name)
  const list = `${names.join(', ')}${cyclic.length > names.length ? ' ...' : ''}`
  return {
    severity: 'error',
    code: 'cycle',
    layer: layer.id,
    message: text(
      `${layer.name} feeds itself over a loop of wires (in loops: ${list}). Data can only flow forward.`,
      `${layer.name}의 출력이 연결선을 따라 자기 자신에게 돌아옵니다(순환에 속한 레이어: ${list}). 데이터는 앞으로만 흐를 수 있습니다.`,
    ),
    fix: text('Remove one wire of the loop.', '순환을 이루는 연결선 하나를 지워 주세요.'),
  }
}

export const missingInput = (layer: Layer, port: Port, count: number): Issue => ({
  severity: 'error',
  code: 'missing-input',
  layer: layer.id,
  message: port.variadic
    ? text(
        `${layer.name} joins two or more inputs; ${count} ${count === 1 ? 'is' : 'are'} connected.`,
        `${layer.name}에는 입력이 둘 이상 필요한데 ${count}개만 연결되어 있습니다.`,
      )
    : text(`${layer.name} has no input.`, `${layer.name}에 연결된 입력이 없습니다.`),
  fix: text(
    'Draw a wire from the output of another layer to its left side.',
    '다른 레이어의 출력에서 이 레이어의 왼쪽으로 연결선을 그어 주세요.',
  ),
})

export const fullPort = (layer: Layer, count: number): Issue => ({
  severity: 'error',
  code: 'port-full',
  layer: layer.id,
  message: text(
    `${layer.name} takes one input; ${count} are connected.`,
    `${layer.name}은(는) 입력을 하나만 받는데 ${count}개가 연결되어 있습니다.`,
  ),
  fix: text(
    'Join them with Add or Concat first, or remove all but one.',
    '먼저 더하기나 이어 붙이기로 합치거나, 하나만 남기고 지워 주세요.',
  ),
})

export function unknownPort(layer: Layer, wire: Wire, ports: readonly Port[]): Issue {
  const names = ports.map((port) => `"${port.name}"`).join(', ')
  return {
    severity: 'error',
    code: 'unknown-port',
    layer: layer.id,
    message: names
      ? text(
          `A wire leads to the port "${wire.to.port}" of ${layer.name}, which only has ${names}.`,
          `연결선이 ${layer.name}에 없는 포트 "${wire.to.port}"(으)로 이어집니다. 사용할 수 있는 포트: ${names}.`,
        )
      : text(
          `A wire leads into ${layer.name}, which takes no input.`,
          `입력을 받지 않는 ${layer.name}(으)로 연결선이 들어옵니다.`,
        ),
    fix: text('Remove the wire.', '연결선을 지워 주세요.'),
  }
}

const RANKS: Readonly<Record<number, Text>> = {
  1: text('a vector [F]', '벡터 [F]'),
  2: text('a sequence [C, L]', '시퀀스 [C, L]'),
  3: text('maps [C, H, W]', '특징 맵 [C, H, W]'),
  4: text('volumes [C, D, H, W]', '볼륨 [C, D, H, W]'),
}
const nameRank = (rank: number): Text => RANKS[rank] ?? text(`rank ${rank}`, `${rank}차원`)

/** Why an input of that shape does not go into that port, or null when it does. */
export function rankProblem(
  name: string,
  port: Port,
  shape: Shape,
  from: string,
): { message: Text; fix: Text } | null {
  if (!port.ranks || port.ranks.includes(shape.length)) return null
  const want = port.ranks.map(nameRank)
  const wantEn = want.map((t) => t.en).join(' or ')
  const wantKo = want.map((t) => t.ko).join(' 또는 ')
  const came = nameRank(shape.length)
  const flattens = port.ranks.includes(1)
  return {
    message: text(
      `${name} takes ${wantEn}, but ${from} gives ${came.en}: ${showShape(shape)}.`,
      `${name}에는 ${wantKo}이(가) 들어와야 하는데 ${from}의 출력은 ${came.ko}, ${showShape(shape)}입니다.`,
    ),
    fix: flattens
      ? text('Put a Flatten layer between them.', '두 레이어 사이에 펼치기 레이어를 넣어 주세요.')
      : text(
          'Connect it before the layer that flattens the maps.',
          '특징 맵을 펼치는 레이어보다 앞에 연결해 주세요.',
        ),
  }
}

export function wrongRanks(
  layer: Layer,
  kind: AnyKind,
  feeds: readonly Wire[],
  shapes: readonly Shape[],
  graph: Graph,
): Issue[] {
  return feeds.flatMap((wire, i) => {
    const port = kind.inputs.find((p) => p.name === wire.to.port)!
    const from = graph.layers.get(wire.from.layer)!.name
    const problem = rankProblem(layer.name, port, shapes[i]!, from)
    if (!problem) return []
    const flattens = port.ranks?.includes(1) === true && feeds.length === 1
    const remedy = flattens && {
      label: text('Put a Flatten between', '펼치기 레이어 넣기'),
      splices: [{ take: [], before: layer.id, put: [{ kind: 'flatten' }] }],
    }
    return [
      {
        severity: 'error',
        code: 'wrong-rank',
        layer: layer.id,
        ...problem,
        ...(remedy && { remedy }),
      },
    ]
  })
}

/** Problems that need no shapes: wires that lead nowhere, names that stand twice. */
export function wholeNetwork(document: NetworkDocument, graph: Graph): Issue[] {
  const issues: Issue[] = []
  const { layers } = blocksOf(document)
  for (const wire of document.wires) {
    const missing = [wire.from.layer, wire.to.layer].find((id) => !layers.has(id))
    if (missing === undefined) continue
    issues.push({
      severity: 'error',
      code: 'dangling-wire',
      message: text(
        `A wire leads to layer "${missing}", which is not there.`,
        `연결선이 존재하지 않는 레이어 "${missing}"을(를) 가리킵니다.`,
      ),
      fix: text('Remove the wire.', '연결선을 지워 주세요.'),
    })
  }
  const named = new Map<string, Layer[]>()
  for (const layer of graph.layers.values()) named.set(layer.name, [...(named.get(layer.name) ?? []), layer])
  for (const [name, layers] of named) {
    if (layers.length < 2) continue
    for (const layer of layers)
      issues.push({
        severity: 'error',
        code: 'duplicate-name',
        layer: layer.id,
        message: text(
          `${layers.length} layers are called "${name}"; their weights could not be told apart.`,
          `이름이 "${name}"인 레이어가 ${layers.length}개라 가중치를 구별할 수 없습니다.`,
        ),
        fix: text('Rename all but one.', '하나만 남기고 이름을 바꿔 주세요.'),
      })
  }
  return issues
}

export const auxiliaryGoesOn = (layer: Layer): Issue => ({
  severity: 'error',
  code: 'auxiliary-goes-on',
  layer: layer.id,
  message: text(
    `${layer.name} ends a side branch, but a wire leads on from it.`,
    `${layer.name}은(는) 곁가지의 끝인데 여기서 나가는 연결선이 있습니다.`,
  ),
  fix: text('Remove the wire.', '연결선을 지워 주세요.'),
})

export const auxiliaryWidth = (layer: Layer, own: Shape, main: string, wanted: Shape): Issue => ({
  severity: 'error',
  code: 'auxiliary-width',
  layer: layer.id,
  message: text(
    `${layer.name} gives ${showShape(own)}, but the network's output ${main} gives ${showShape(wanted)}: both tell the same classes.`,
    `${layer.name}의 출력은 ${showShape(own)}인데 네트워크의 출력 ${main}은(는) ${showShape(wanted)}입니다. 같은 클래스를 나타내야 합니다.`,
  ),
  fix: text(
    'Give the last layer of the side branch as many units as there are classes.',
    '곁가지의 마지막 레이어가 클래스 수만큼 출력하게 해 주세요.',
  ),
})

/** A network has one input and one output, auxiliary ones aside. */
export function endsOfNetwork(
  document: NetworkDocument,
  inputs: readonly Layer[],
  ends: readonly Layer[],
): Issue[] {
  const issues: Issue[] = []
  if (document.layers.length > 0 && inputs.length === 0) issues.push(noInput)
  if (inputs.length > 1) for (const layer of inputs) issues.push(several('many-inputs', layer, inputs))
  if (inputs.length > 0 && ends.length === 0) issues.push(noOutput)
  if (ends.length > 1) for (const layer of ends) issues.push(several('many-outputs', layer, ends))
  return issues
}

const noInput: Issue = {
  severity: 'error',
  code: 'no-input',
  message: text('The network has no Input layer.', '네트워크에 입력 레이어가 없습니다.'),
  fix: text(
    'Drag an Input from the palette and connect it to the first layer.',
    '팔레트에서 입력을 끌어 놓고 첫 레이어에 연결해 주세요.',
  ),
}
const noOutput: Issue = {
  severity: 'error',
  code: 'no-output',
  message: text(
    'No layer follows the input, so the network has no output.',
    '입력 뒤에 이어지는 레이어가 없어 네트워크에 출력이 없습니다.',
  ),
  fix: text('Connect the input to a layer.', '입력을 다른 레이어에 연결해 주세요.'),
}

function several(code: 'many-inputs' | 'many-outputs', layer: Layer, all: readonly Layer[]): Issue {
  const shown = all.slice(0, 4).map((other) => other.name)
  const list = `${shown.join(', ')}${all.length > shown.length ? ' ...' : ''}`
  return {
    severity: 'error',
    code,
    layer: layer.id,
    message:
      code === 'many-inputs'
        ? text(
            `A network has one Input layer; there are ${all.length}: ${list}.`,
            `입력 레이어는 하나여야 하는데 ${all.length}개입니다: ${list}.`,
          )
        : text(
            `A network has one output, but ${all.length} layers lead nowhere: ${list}.`,
            `출력은 하나여야 하는데 이어지는 곳이 없는 레이어가 ${all.length}개입니다: ${list}.`,
          ),
    fix:
      code === 'many-inputs'
        ? text('Remove all but one.', '하나만 남기고 지워 주세요.')
        : text(
            'Connect this one further, join the ends with Add or Concat, put an Auxiliary output behind it, or delete it.',
            '이 레이어를 이어서 연결하거나, 더하기나 이어 붙이기로 합치거나, 뒤에 보조 출력을 붙이거나, 지워 주세요.',
          ),
  }
}
