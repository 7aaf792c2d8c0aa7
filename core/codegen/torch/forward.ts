import type { TorchOutput } from './graph.ts'
import { attributesOf } from './names.ts'
import { identifier, unique } from './python.ts'
import { type Item, modulesOf, type Scope, type ShortcutItem } from './scopes.ts'

const WIDTH = 88

/** What hands out the network's outputs; a block hands out one value. */
export interface Outputs {
  readonly main: TorchOutput
  readonly auxiliaries: readonly TorchOutput[]
}

/** Kinds that begin a line of their own, so that each line of a `forward` is one step that a paper's figure shows. */
const STEPS = /conv|dense|pool|subsampling|rbf|partial|reshape|permute|upsample/

/**
 * The body of a `forward`: one line a step, with what follows it (norm, activation, dropout) around it. Values that
 * are needed later keep their variables; the others are written over.
 * @param isInput whether a shortcut is the value that it leaves from, and no module
 */
export const forwardLines = (
  scope: Scope,
  outputs: Outputs | null,
  isInput: (shortcut: ShortcutItem) => boolean,
): string[] => new ForwardWriter(scope, outputs, isInput).lines()

class ForwardWriter {
  readonly #scope: Scope
  readonly #outputs: Outputs | null
  readonly #isInput: (shortcut: ShortcutItem) => boolean
  readonly #attributes: ReadonlyMap<string, string>
  /** Expression of each value, by the id of its layer. */
  readonly #values = new Map<string, string>()
  /** Items that still read a value. */
  readonly #uses = new Map<string, number>()
  readonly #names = unique(new Set(['x', 'y']))
  readonly #lines: string[] = []

  constructor(scope: Scope, outputs: Outputs | null, isInput: (shortcut: ShortcutItem) => boolean) {
    this.#isInput = isInput
    this.#scope = scope
    this.#outputs = outputs
    this.#attributes = attributesOf(scope)
    this.#values.set(scope.input, 'x')
    const use = (id: string) => this.#uses.set(id, (this.#uses.get(id) ?? 0) + 1)
    for (const item of scope.items) for (const id of item.inputs) use(id)
    for (const id of this.#handedOut()) use(id)
  }

  #handedOut(): string[] {
    if (!this.#outputs) return [this.#scope.output!]
    return [this.#outputs.main, ...this.#outputs.auxiliaries].map(({ from }) => from)
  }

  lines(): string[] {
    const order = this.#order()
    for (const [i, item] of order.entries()) this.#write(item, order[i + 1])
    if (!this.#outputs) return [...this.#lines, `return ${this.#values.get(this.#scope.output!)}`]
    const { main, auxiliaries } = this.#outputs
    const value = (output: TorchOutput) =>
      `${output.head === 'distances' ? '-' : ''}${this.#values.get(output.from)}`
    if (auxiliaries.length === 0) return [...this.#lines, `return ${value(main)}`]
    const all = [main, ...auxiliaries].map(value).join(', ')
    return [...this.#lines, 'if self.training:', `    return ${all}`, `return ${value(main)}`]
  }

  /** Side branches right behind the layer they leave from. */
  #order(): Item[] {
    const { items } = this.#scope
    const order: Item[] = []
    const made = new Set([this.#scope.input])
    if (!this.#outputs) return [...items]
    let sides = items.filter((item) => item.auxiliary)
    const placeSides = () => {
      for (const item of sides) {
        if (!item.inputs.every((id) => made.has(id))) continue
        order.push(item)
        made.add(item.id)
      }
      sides = sides.filter((item) => !made.has(item.id))
    }
    for (const item of items.filter((one) => !one.auxiliary)) {
      order.push(item)
      made.add(item.id)
      placeSides()
    }
    return order
  }

  #write(item: Item, next: Item | undefined): void {
    const inputs = item.inputs.map((id) => this.#values.get(id)!)
    const code = this.#expression(item, inputs)
    for (const id of item.inputs) this.#uses.set(id, this.#uses.get(id)! - 1)
    // an item that does nothing hands on its input's variable
    if (/^\w+$/.test(code)) {
      this.#values.set(item.id, code)
      return
    }
    if (this.#nests(item, code, next)) {
      this.#values.set(item.id, code)
      return
    }
    const variable = this.#variable(item)
    this.#say(item, `${variable} = ${code}`)
    this.#values.set(item.id, variable)
  }

  #say(item: Item, line: string): void {
    if (!item.auxiliary || !this.#outputs) {
      this.#lines.push(line)
      return
    }
    const last = this.#lines.at(-1)
    if (last === undefined || !(last === 'if self.training:' || this.#inSide)) {
      this.#lines.push('if self.training:')
    }
    this.#lines.push(`    ${line}`)
  }

  /** Whether the last line stands in a side branch already. */
  get #inSide(): boolean {
    return this.#lines.at(-1)?.startsWith('    ') ?? false
  }

  #expression(item: Item, inputs: readonly string[]): string {
    const attribute = `self.${this.#attributes.get(item.id)}`
    if (item.type === 'block') return `${attribute}(${inputs[0]})`
    if (item.type === 'shortcut') {
      return this.#isInput(item) ? inputs[0]! : `${attribute}(${inputs[0]})`
    }
    const modules = modulesOf(item.node)
    if (!modules) return 'merge' in item.node.torch ? item.node.torch.merge(inputs) : inputs[0]!
    return modules.reduce(
      (x, module) => (module.inline ? module.inline(x) : `${attribute}(${x})`),
      inputs[0]!,
    )
  }

  /** Whether the next item can write this one's expression into its own. */
  #nests(item: Item, code: string, next: Item | undefined): boolean {
    if (this.#uses.get(item.id) !== 1 || !next?.inputs.includes(item.id)) return this.#isLast(item)
    if (next.auxiliary !== item.auxiliary) return false
    if (next.type === 'layer' && 'merge' in next.node.torch) return /^self\.\w+\(\w+\)$/.test(code)
    if (next.type !== 'layer' || STEPS.test(next.node.kind)) return false
    return code.length + next.node.name.length + 24 < WIDTH
  }

  /** What is handed out next needs no variable. */
  #isLast(item: Item): boolean {
    const { items, output } = this.#scope
    if (item !== items.at(-1)) return false
    if (!this.#outputs) return item.id === output
    const { main, auxiliaries } = this.#outputs
    return auxiliaries.length === 0 && item.id === main.from && main.head !== 'distances'
  }

  /** One that is free again, the input's first; else a new one. */
  #variable(item: Item): string {
    const held = new Set<string>()
    for (const [id, expression] of this.#values) {
      if ((this.#uses.get(id) ?? 0) > 0) for (const name of expression.match(/\w+/g) ?? []) held.add(name)
    }
    if (item.auxiliary && this.#outputs) return this.#sideVariable(item, held)
    const own = item.inputs.flatMap((id) => this.#values.get(id)!.match(/\b(?!self\b)[a-z]\w*\b/g) ?? [])
    const free = ['x', ...own].find((name) => this.#known.has(name) && !held.has(name))
    if (free !== undefined) return free
    const short = this.#width(item) <= 2 && !held.has('y')
    const name = short ? 'y' : this.#names(this.#branchName(item))
    this.#known.add(name)
    return name
  }

  readonly #known = new Set(['x'])

  #sideVariable(item: Item, held: ReadonlySet<string>): string {
    const end = this.#outputs!.auxiliaries.find(({ from }) => this.#leads(item.id, from))
    const name = identifier(end?.name ?? this.#attributes.get(item.id)!, 'aux')
    this.#known.add(name)
    return held.has(name) ? this.#names(name) : name
  }

  #leads(from: string, to: string): boolean {
    if (from === to) return true
    return this.#scope.items.some((item) => item.inputs.includes(from) && this.#leads(item.id, to))
  }

  /** The last step of the branch that an item stands in, which says best what it makes. */
  #branchName(item: Item): string {
    const { items } = this.#scope
    let name = this.#attributes.get(item.id)!
    let at: Item | undefined = item
    for (let next: Item | undefined; at; at = next) {
      const id: string = at.id
      if (at === item || at.type !== 'layer' || /conv|dense/.test(at.node.kind)) {
        name = this.#attributes.get(id)!
      }
      const readers: readonly Item[] = items.filter((other) => other.inputs.includes(id))
      next = readers.length === 1 && readers[0]!.inputs.length === 1 ? readers[0] : undefined
    }
    // the activation around a step is named after the step
    const before = items.find((other) => item.inputs.includes(other.id))
    const plain =
      item.type === 'layer' && !STEPS.test(item.node.kind) && name === this.#attributes.get(item.id)
    return plain && before && !this.#known.has(this.#attributes.get(before.id)!)
      ? this.#attributes.get(before.id)!
      : name
  }

  /** How many values meet where this one's branch ends. */
  #width(item: Item): number {
    let at: Item | undefined = item
    while (at) {
      const id: string = at.id
      const next: Item | undefined = this.#scope.items.find((other) => other.inputs.includes(id))
      if (next && next.inputs.length > 1) return next.inputs.length
      at = next
    }
    return 1
  }
}
