import { className, identifier, unique } from './python.ts'
import { type BlockItem, type Item, modulesOf, type Scope } from './scopes.ts'

/** What a layer is called where its own name says nothing of what it is. */
const SHORT: Readonly<Record<string, string>> = {
  avgpool1d: 'pool',
  avgpool2d: 'pool',
  avgpool3d: 'pool',
  batchnorm: 'bn',
  conv1d: 'conv',
  conv2d: 'conv',
  conv3d: 'conv',
  dense: 'fc',
  'depthwise-conv2d': 'conv',
  'global-avgpool': 'pool',
  'global-maxpool': 'pool',
  maxpool1d: 'pool',
  maxpool2d: 'pool',
  maxpool3d: 'pool',
  'partial-conv2d': 'conv',
  'transposed-conv2d': 'conv',
}

const words = (text: string): string[] => text.match(/[\p{L}\p{N}]+/gu) ?? []

/** Attribute of each item, by its id: the layer's name without that of its block. */
export function attributesOf({ name, items }: Scope): ReadonlyMap<string, string> {
  const take = unique(new Set(['x']))
  return new Map(items.map((item) => [item.id, take(attributeOf(item, name ?? ''))]))
}

function attributeOf(item: Item, block: string): string {
  const inside = block !== '' && item.label.startsWith(block)
  const rest = words(inside ? item.label.slice(block.length) : item.label)
  const base =
    item.type === 'layer' ? (SHORT[item.node.kind] ?? identifier(item.node.kind, 'layer')) : item.type
  const vague = rest.length === 0 || rest[0]!.length === 1 || /^\d/.test(rest[0]!)
  const all = vague ? [base, ...rest.filter((word) => word !== base)] : rest
  return identifier(all.join('_'), base)
}

const kindsIn = (scope: Scope): string[] =>
  scope.items.flatMap((item) =>
    item.type === 'layer' ? [item.node.kind] : item.type === 'block' ? kindsIn(item.scope) : [],
  )

/** A name for the class of blocks of one make, by what they are and what the document calls them. */
export function classNameOf(scope: Scope): string {
  const direct = scope.items.flatMap((item) => (item.type === 'layer' ? [item.node] : []))
  const convs = direct.filter((node) => node.kind === 'conv2d')
  const stem = (scope.name ?? '').replace(/[\d_.-]+\p{L}?$/u, '').replace(/[\d_.-]+$/u, '')
  if (direct.some((node) => node.kind === 'add') && convs.length > 0) {
    const early = direct.findIndex((node) => node.kind === 'batchnorm')
    const before = early >= 0 && early < direct.findIndex((node) => node.kind === 'conv2d')
    const shape = convs.length === 3 ? 'Bottleneck' : convs.length === 2 ? 'BasicBlock' : 'Residual'
    return before ? `PreAct${shape.replace('Basic', '')}` : shape
  }
  const last = direct.at(-1)
  if (last?.kind === 'concat' && last.inputs.includes(scope.input)) return 'DenseLayer'
  if (stem === 'aux' || direct.every((node) => node.auxiliary)) {
    return kindsIn(scope).includes('dense') ? 'AuxiliaryClassifier' : className(stem, 'Block')
  }
  return /^(conv|stage|block|group)?$/i.test(stem) ? 'Block' : className(stem, 'Block')
}

/** Items one behind the other, each of one input: what `nn.Sequential` runs. */
export function isChain({ items, input, output }: Scope): boolean {
  let at = input
  for (const item of items) {
    const plain = item.type === 'block' || (item.type === 'layer' && modulesOf(item.node) !== null)
    if (!plain || item.inputs.length !== 1 || item.inputs[0] !== at) return false
    at = item.id
  }
  return output === at
}

export const blocksOf = (scope: Scope): BlockItem[] =>
  scope.items.flatMap((item) => (item.type === 'block' ? [item] : []))
