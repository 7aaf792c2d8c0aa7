import { FormatError } from '../../../formats/error.ts'
import { decodeModel, type ModelProto, type ValueInfoProto } from '../../../formats/onnx/proto.ts'
import { resolveParams } from '../../../layers/index.ts'
import { input as inputKind } from '../../../layers/input.ts'
import { type Text, text } from '../../../network/text.ts'
import { assemble } from '../assemble.ts'
import { type Beside, type ForeignFile, ImportError, type Imported, type Importer } from '../importer.ts'
import { Context, MISSING, type Recipe } from './context.ts'
import { fold, folds } from './fold.ts'
import { fusions } from './fusions.ts'
import { type OnnxNode, viewOf } from './graph.ts'
import type { Fusion } from './match.ts'
import { Unsupported } from './network.ts'
import { resizing } from './resize.ts'
import { shapes } from './shapes.ts'
import { simple } from './simple.ts'
import { windows } from './windows.ts'

const RECIPES: Readonly<Record<string, Recipe>> = { ...windows, ...simple, ...shapes, ...resizing }

/** ONNX graphs of one input and one output, made of operators that layers are; any operator set from 7 on. */
export const onnx: Importer = {
  id: 'onnx',
  title: text('ONNX', 'ONNX'),
  endings: ['onnx'],
  // protocol buffers have no mark of their own: the first field is the version, a small number
  detect: ({ name, bytes }) => name.toLowerCase().endsWith('.onnx') || (bytes[0] === 8 && bytes[1]! <= 20),
  read,
}

function read(file: ForeignFile, beside: Beside): Imported {
  const model = modelOf(file)
  const [entry, exit] = endsOf(model, file.name)
  const view = viewOf(model.graph, exit.name, beside)
  const at = new Context(view, exit.name)
  const notes: Text[] = []
  const { params, told } = inputOf(model, entry, file.name)
  at.define(entry.name, at.add('input', { params, called: 'input' }))
  const problems = build(at)
  if (problems.length > 0) throw unsupported(file.name, problems)
  if (!at.defined(exit.name)) throw neverMade(file.name, exit.name)
  if (!told) notes.push(NORMALIZATION)
  if (view.unread.length > 0) notes.push(unreadNote(view.unread))
  const { layers, weights } = at.network
  return { document: assemble(nameOf(model, file.name), layers), weights, notes }
}

function modelOf({ name, bytes }: ForeignFile): ModelProto {
  try {
    return decodeModel(bytes)
  } catch (error) {
    throw new FormatError(
      `${name}: not a usable ONNX file (${error instanceof Error ? error.message : String(error)}): export it again`,
    )
  }
}

/** The one input that is not a weight, and the one output. */
function endsOf({ graph }: ModelProto, file: string): [ValueInfoProto, ValueInfoProto] {
  const initializers = new Set((graph?.initializer ?? []).map(({ name }) => name))
  const inputs = (graph?.input ?? []).filter(({ name }) => !initializers.has(name))
  const outputs = graph?.output ?? []
  if (inputs.length === 1 && outputs.length === 1) return [inputs[0]!, outputs[0]!]
  const [ins, outs] = [inputs, outputs].map((list) => list.map(({ name }) => name).join(', ') || '-')
  throw new ImportError(
    'unsupported',
    text(
      `${file} has ${inputs.length} inputs (${ins}) and ${outputs.length} outputs (${outs}): a network here has one of each; export such a part of it.`,
      `${file}에는 입력 ${inputs.length}개(${ins})와 출력 ${outputs.length}개(${outs})가 있습니다. 여기서는 각각 하나여야 하니 그런 부분만 내보내 주세요.`,
    ),
  )
}

/** The input layer: its sizes from the graph, how pixels become it from the file where this program wrote it. */
function inputOf(model: ModelProto, { name, type }: ValueInfoProto, file: string) {
  const dims = type?.tensorType.shape?.dim ?? []
  const shape = dims.slice(1).map(({ dimValue = 0 }) => dimValue)
  if (shape.length < 2 || shape.length > 4 || shape.some((side) => side < 1)) {
    const given = dims.map(({ dimValue, dimParam }) => dimValue || dimParam || '?').join(', ')
    throw new ImportError(
      'unsupported',
      text(
        `${file}: the input ${name} is [${given}]: all sizes but the batch must be fixed; export it for one size.`,
        `${file}: 입력 ${name}의 형태가 [${given}]입니다. 배치를 뺀 모든 크기가 정해져야 하니 한 가지 크기로 내보내 주세요.`,
      ),
    )
  }
  const written = model.metadataProps?.find(({ key }) => key === 'layerloom.input')?.value
  const given = parameters(written)
  const { issues } = resolveParams(inputKind, given ?? {})
  const told = given !== null && !issues.some(({ severity }) => severity === 'error')
  return { params: { normalization: 'standardize', ...(told ? given : {}), shape }, told }
}

/** The input layer's own parameters among what is written; null where nothing is. */
function parameters(written: string | undefined): Record<string, unknown> | null {
  if (written === undefined) return null
  try {
    const value: unknown = JSON.parse(written)
    if (typeof value !== 'object' || value === null) return null
    return Object.fromEntries(Object.entries(value).filter(([key]) => Object.hasOwn(inputKind.params, key)))
  } catch {
    return null
  }
}

interface Problem {
  readonly node: OnnxNode
  readonly reason: string
}

/** Makes the layers of every node; gives those that there is no layer for. */
function build(at: Context): Problem[] {
  const fused = findFusions(at)
  const problems: Problem[] = []
  for (const node of at.view.nodes) {
    const fusion = fused.get(node)
    try {
      // arithmetic of sizes looks like a scale and a shift until the sizes are known
      if (known(node, at) || fusion === 'inner') continue
      at.define(node.output, fusion ? fusion.make() : recipeOf(node, at)(node, at))
    } catch (error) {
      if (!(error instanceof Unsupported)) throw error
      if (error.message !== MISSING) problems.push({ node, reason: error.message })
    }
  }
  return problems
}

/** Sizes that the graph asks for while it runs are known here; the batch is 0, which a reshape keeps. */
function known(node: OnnxNode, at: Context): boolean {
  if (node.op === 'Shape') {
    const values = [0, ...at.value(node.inputs[0]!).shape]
    at.learn(node.output, { dims: [values.length], values, from: [] })
    return true
  }
  const value = fold(node, at.view.constants, () => new Uint8Array())
  if (value) at.learn(node.output, value)
  return value !== null
}

function recipeOf(node: OnnxNode, at: Context): Recipe {
  const recipe = Object.hasOwn(RECIPES, node.op) ? RECIPES[node.op] : undefined
  // arithmetic of sizes, which fails where the layer before it is missing
  if (!recipe && folds(node.op)) for (const name of node.inputs) at.known(name)
  if (!recipe) throw new Unsupported('there is no layer like it')
  return recipe
}

/** From the last node to the first, so that a node belongs to the largest thing it is part of. */
function findFusions(at: Context): ReadonlyMap<OnnxNode, Fusion | 'inner'> {
  const found = new Map<OnnxNode, Fusion | 'inner'>()
  for (const node of at.view.nodes.toReversed()) {
    if (found.has(node)) continue
    for (const match of fusions) {
      const fusion = match(node, at)
      if (!fusion || fusion.inner.some((inner) => found.has(inner))) continue
      found.set(node, fusion)
      for (const inner of fusion.inner) found.set(inner, 'inner')
      break
    }
  }
  return found
}

const NORMALIZATION = text(
  'The file does not say how pixels become its input; mean 0 and deviation 1 are assumed: set the input layer as it was trained.',
  '픽셀을 입력으로 바꾸는 방법이 파일에 없어 평균 0, 표준편차 1로 가정했습니다. 학습할 때와 같게 입력 레이어를 설정해 주세요.',
)

function unreadNote(unread: readonly string[]): Text {
  const list = unread.join(', ')
  return text(
    `Left out, since nothing of it reaches the output: ${list}.`,
    `출력에 이르지 않아 제외했습니다: ${list}.`,
  )
}

function unsupported(file: string, problems: readonly Problem[]): ImportError {
  const list = problems.map(({ node: { op, name }, reason }) => `${op} "${name}" (${reason})`).join('; ')
  return new ImportError(
    'unsupported',
    text(
      `${file} has ${problems.length} node${problems.length === 1 ? '' : 's'} that can't become layers: ${list}. Export a part without them.`,
      `${file}에 레이어로 바꿀 수 없는 노드가 ${problems.length}개 있습니다: ${list}. 이 노드가 없는 부분만 내보내 주세요.`,
    ),
  )
}

const neverMade = (file: string, output: string): ImportError =>
  new ImportError(
    'damaged',
    text(
      `${file}: its output ${output} is made by no node, or by nodes that are not in order: export it again.`,
      `${file}: 출력 ${output}을(를) 만드는 노드가 없거나 노드의 순서가 잘못되었습니다. 다시 내보내 주세요.`,
    ),
  )

/** This program's exports carry the network's name; others' graphs are called anything, so the file's name is better. */
const nameOf = ({ producerName, docString }: ModelProto, file: string): string =>
  (producerName === 'Layerloom' && docString) ||
  file.replace(/^.*[\\/]/, '').replace(/\.[^.]*$/, '') ||
  'network'
