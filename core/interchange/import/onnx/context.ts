import type { KindName } from '../../../layers/index.ts'
import type { Constant, OnnxGraphView, OnnxNode } from './graph.ts'
import { Network, type NewLayer, Unsupported, type Value } from './network.ts'

/** What the recipe of a node works with. */
export class Context {
  readonly view: OnnxGraphView
  readonly network = new Network()
  /** Name of the graph's output. */
  readonly output: string
  readonly #values = new Map<string, Value>()

  constructor(view: OnnxGraphView, output: string) {
    this.view = view
    this.output = output
  }

  /** Takes a value as constant from here on. */
  learn(name: string, constant: Constant): void {
    this.view.constants.set(name, constant)
  }

  /** A constant input; undefined when there is none at that place, or it is not constant. */
  constant(node: OnnxNode, input: number): Constant | undefined {
    return this.view.constants.get(node.inputs[input] ?? '')
  }

  /** @throws Unsupported when the input is not constant */
  needed(node: OnnxNode, input: number, what: string): Constant {
    const constant = this.constant(node, input)
    if (!constant) throw new Unsupported(`its ${what} is not constant`)
    return constant
  }

  /** @throws Unsupported when the value comes of a node that is not supported, or is constant */
  value(name: string): Value {
    const value = this.#values.get(name)
    if (!value) throw new Unsupported(this.view.constants.has(name) ? 'it reads a constant' : MISSING)
    return value
  }

  /** @throws Unsupported when nothing is known of an input, neither a value nor a constant */
  known(name: string): void {
    if (!this.view.constants.has(name)) this.value(name)
  }

  defined(name: string): boolean {
    return this.#values.has(name)
  }

  define(name: string, value: Value): void {
    this.#values.set(name, value)
  }

  add(kind: KindName, layer: NewLayer, ...inputs: readonly Value[]): Value {
    return this.network.add(kind, layer, inputs)
  }

  producer(name: string | undefined, op: string): OnnxNode | null {
    const node = this.view.producers.get(name ?? '')
    return node?.op === op ? node : null
  }

  /** Whether a value is read by one node alone. */
  once(name: string): boolean {
    return this.view.uses.get(name) === 1
  }
}

/** The reason of a node behind one that is not supported: the first one is what a person has to know. */
export const MISSING = 'what it reads is missing'

/** Makes the layers of a node and gives its output. */
export type Recipe = (node: OnnxNode, at: Context) => Value
