import { helpers } from './helpers.ts'
import { type Arg, samePy, type TorchModule } from './module.ts'
import { attributesOf, blocksOf, classNameOf, isChain } from './names.ts'
import { call, literal, type PyValue, unique } from './python.ts'
import { type Item, modulesOf, type Scope, type ShortcutItem } from './scopes.ts'

/** A parameter of a class's constructor: what differs between the blocks that are made of it. */
export interface Param {
  readonly name: string
  readonly default?: PyValue
}

/** Blocks of one make. */
export interface BlockClass {
  readonly name: string
  readonly scopes: readonly Scope[]
  readonly params: readonly Param[]
  /** Name of the parameter that stands for an argument of `argsOf(scope)`, by its place there. */
  readonly bound: ReadonlyMap<number, string>
}

/** How each block of a network is written. */
export interface Plan {
  /** Inner ones first. */
  readonly classes: readonly BlockClass[]
  /** Blocks that are written as `nn.Sequential` where they stand; all others have a class. */
  readonly sequential: ReadonlySet<Scope>
  /** The call that makes a block of a class. */
  readonly calls: ReadonlyMap<Scope, TorchModule>
}

/** Modules of an item that hold weights or behave in their own way in training, and so are attributes. */
export function attributeModules(item: Item, calls: ReadonlyMap<Scope, TorchModule>): readonly TorchModule[] {
  if (item.type === 'block') return [calls.get(item.scope)!]
  if (item.type === 'shortcut') return [shortcutModule(item)]
  return (modulesOf(item.node) ?? []).filter((module) => !module.inline)
}

/** A shortcut is handed to the constructor whole. */
function shortcutModule(item: ShortcutItem): TorchModule {
  return { callee: '', args: [{ role: 'shortcut', keyword: 'shortcut', value: shortcutSource(item) }] }
}

const NONE = 'None'

function shortcutSource({ nodes }: ShortcutItem): string {
  const modules = nodes.flatMap((node) => modulesOf(node)!)
  const written = modules.map((module) => moduleLines(module).join('\n'))
  if (written.length === 0) return NONE
  return written.length === 1 ? written[0]! : call('nn.Sequential', written, '', 24).join('\n')
}

/** The modules that an `nn.Sequential` lists, for layers of one input. */
export const moduleLines = (module: TorchModule, indent = ''): string[] =>
  call(module.callee, argsText(module.args), indent)

/** Arguments as they are written, those left out that say nothing new. */
export function argsText(
  args: readonly Arg[],
  name: (at: number) => string | undefined = () => undefined,
): string[] {
  return args.flatMap((arg, at) => {
    const bound = name(at)
    if (bound === undefined && arg.default !== undefined && samePy(arg.value, arg.default)) return []
    const value = bound ?? literal(arg.value)
    return [arg.keyword === null ? value : `${arg.keyword}=${value}`]
  })
}

const argsOf = (scope: Scope, calls: ReadonlyMap<Scope, TorchModule>): readonly Arg[] =>
  scope.items.flatMap((item) => attributeModules(item, calls).flatMap((module) => module.args))

/** Settles which blocks are of one make, what their classes are called and what differs between them. */
export function planOf(network: Scope): Plan {
  const signatures = new Map<Scope, string>()
  sign(network, signatures)
  const byMake = new Map<string, Scope[]>()
  for (const [scope, signature] of signatures) {
    if (scope !== network) byMake.set(signature, [...(byMake.get(signature) ?? []), scope])
  }
  const sequential = new Set<Scope>()
  markSequential(network, sequential, (scope) => byMake.get(signatures.get(scope)!)!.length)
  const calls = new Map<Scope, TorchModule>()
  const classes: BlockClass[] = []
  const name = unique(new Set(helpers.map((helper) => helper.name)))
  // inner blocks were signed before those around them
  for (const scopes of byMake.values()) {
    const written = scopes.filter((scope) => !sequential.has(scope))
    if (written.length === 0) continue
    const made = classOf(name(classNameOf(written[0]!)), written, calls)
    classes.push(made.block)
    for (const [i, scope] of written.entries()) calls.set(scope, made.calls[i]!)
  }
  return { classes, sequential, calls }
}

/** What must be alike for two blocks to be of one class: layers, wires and names, but not figures. */
function sign(scope: Scope, signatures: Map<Scope, string>): string {
  const attributes = attributesOf(scope)
  const places = new Map(scope.items.map((item, i) => [item.id, i]))
  const described = scope.items.map((item) => {
    const from = item.inputs.map((id) => places.get(id) ?? 'in').join()
    const make =
      item.type === 'block' ? sign(item.scope, signatures) : item.type === 'shortcut' ? '' : makeOf(item)
    return `${attributes.get(item.id)}(${from}) ${make}`
  })
  const signature = `{${described.join('; ')}}`
  signatures.set(scope, signature)
  return signature
}

function makeOf(item: Extract<Item, { type: 'layer' }>): string {
  const modules = modulesOf(item.node)
  if (!modules) return item.node.kind
  return modules
    .map(({ callee, args, inline }) => {
      const fixed = args.filter(({ value }) => typeof value === 'boolean' || typeof value === 'string')
      return inline?.('x') ?? `${callee}(${fixed.map(({ role, value }) => `${role}=${value}`).join()})`
    })
    .join(' ')
}

/** Chains in the network itself, unless the same chain comes twice and is worth a class. */
function markSequential(scope: Scope, sequential: Set<Scope>, count: (scope: Scope) => number): void {
  for (const { scope: inner } of blocksOf(scope)) {
    if (!isChain(inner) || (blocksOf(inner).length === 0 && count(inner) > 1)) continue
    sequential.add(inner)
    markSequential(inner, sequential, count)
  }
}

/** Arguments that are 1 or 0 unless something else is wanted. */
const USUAL: Readonly<Record<string, PyValue>> = {
  stride: 1,
  dilation: 1,
  groups: 1,
  padding: 0,
  shortcut: NONE,
}

const CHANNELS = /channels|features|groups/

function classOf(name: string, scopes: readonly Scope[], calls: ReadonlyMap<Scope, TorchModule>) {
  const rows = scopes.map((scope) => argsOf(scope, calls))
  const found: { wanted: string; role: string; values: readonly PyValue[]; at: number[] }[] = []
  const owners = ownersOf(scopes[0]!, calls)
  for (const [at, { role }] of rows[0]!.entries()) {
    const values = rows.map((args) => args[at]!.value)
    if (role !== 'shortcut' && values.every((value) => samePy(value, values[0]!))) continue
    // the shortcut of all is no argument only where there is none
    if (role === 'shortcut' && values.every((value) => value === NONE)) continue
    const alike = found.find(
      (other) =>
        (other.role === role || (CHANNELS.test(other.role) && CHANNELS.test(role))) &&
        other.values.every((value, i) => samePy(value, values[i]!)),
    )
    if (alike) alike.at.push(at)
    else found.push({ wanted: role, role, values, at: [at] })
  }
  const take = unique(new Set(['self', 'x']))
  for (const param of found) {
    // what a norm has is what came in
    const plain = param.role.replace('num_features', 'in_channels')
    const crowded = found.filter((other) => other.role === param.role).length > 1
    param.wanted = take(crowded ? `${owners[param.at[0]!]}_${plain.replace(/^(in|out)_/, '')}` : plain)
  }
  const usual = ({ role, values }: (typeof found)[number]): PyValue | undefined =>
    role in USUAL && values.some((value) => samePy(value, USUAL[role]!)) ? USUAL[role] : undefined
  const ordered = [
    ...found.filter((p) => usual(p) === undefined),
    ...found.filter((p) => usual(p) !== undefined),
  ]
  const params = ordered.map((param): Param => {
    const value = usual(param)
    return { name: param.wanted, ...(value === undefined ? {} : { default: value }) }
  })
  const bound = new Map(found.flatMap(({ wanted, at }) => at.map((place) => [place, wanted] as const)))
  const made = scopes.map(
    (_, i): TorchModule => ({
      callee: name,
      args: ordered.map((param): Arg => {
        const value = usual(param)
        return {
          role: param.wanted,
          keyword: value === undefined ? null : param.wanted,
          value: param.values[i]!,
          ...(value === undefined ? {} : { default: value }),
        }
      }),
    }),
  )
  return { block: { name, scopes, params, bound } satisfies BlockClass, calls: made }
}

/** The attribute that each argument of `argsOf` belongs to. */
function ownersOf(scope: Scope, calls: ReadonlyMap<Scope, TorchModule>): string[] {
  const attributes = attributesOf(scope)
  return scope.items.flatMap((item) =>
    attributeModules(item, calls).flatMap((module) => module.args.map(() => attributes.get(item.id)!)),
  )
}
