import type { NetworkDocument } from '../../network/schema.ts'
import { argsText, attributeModules, type BlockClass, moduleLines, type Plan, planOf } from './classes.ts'
import { forwardLines } from './forward.ts'
import { readGraph, type TorchGraph } from './graph.ts'
import { helpers, helpersOf } from './helpers.ts'
import type { Arg, TorchModule } from './module.ts'
import { attributesOf } from './names.ts'
import { call, className, literal, prose } from './python.ts'
import { type Item, modulesOf, type Scope, type ShortcutItem, scopesOf } from './scopes.ts'
import { LOAD_WEIGHTS } from './weights.ts'

/** A network in PyTorch. */
export interface TorchSource {
  /** `model.py`: `build_model()` and `load_weights(model, path)`, which need nothing but torch. */
  readonly code: string
  /** Names of weights in the document (`c1.weight`) and in the model's state_dict. */
  readonly names: ReadonlyMap<string, string>
  readonly graph: TorchGraph
}

/**
 * Writes a network as a person would: the document's blocks as classes, with parameters for what differs between
 * them; blocks that repeat as loops; one line a step in each `forward`; layers under the names the document has.
 * @param document a sound network; the caller has made sure
 */
export function torchSource(document: NetworkDocument): TorchSource {
  const graph = readGraph(document)
  const network = scopesOf(graph)
  const plan = planOf(network)
  const taken = new Set([...plan.classes, ...helpers].map(({ name }) => name))
  const wanted = className(document.name, 'Network')
  const name = taken.has(wanted) || wanted === 'F' ? `${wanted}Network` : wanted
  const classes = [
    ...plan.classes.map((block) => blockClass(block, plan)),
    networkClass(name, network, graph, plan),
  ]
  const body = classes.join('\n\n')
  const functions = /\bF\./.test(body) || helpersOf(body).some((source) => /\bF\./.test(source))
  const imports = [
    'import torch',
    'from torch import nn',
    ...(functions ? ['import torch.nn.functional as F'] : []),
  ]
  const parts = [
    `"""${prose(document.name)} as a PyTorch module, written by Layerloom.

Input: float32 [N, ${graph.input.join(', ')}]; output: logits [N, ${graph.classes}].
"""

import json
import struct

${imports.sort(byImport).join('\n')}
`,
    ...helpersOf(body),
    ...classes,
    `def build_model():
    """The network with fresh weights."""
    return ${name}()
`,
    LOAD_WEIGHTS,
  ]
  return { code: parts.join('\n\n'), names: namesOf(network, plan), graph }
}

const byImport = (a: string, b: string): number => order(a) - order(b)
const order = (line: string): number => (line === 'import torch' ? 0 : line.startsWith('import') ? 1 : 2)

/** A shortcut without layers is no attribute; in a class only where none of its blocks has any. */
const isInputIn = (bound: ReadonlySet<ShortcutItem>) => (item: ShortcutItem) =>
  item.nodes.length === 0 && !bound.has(item)

function blockClass(block: BlockClass, plan: Plan): string {
  const [scope] = block.scopes as [Scope]
  const attributes = attributesOf(scope)
  const parameters = block.params.map((param) =>
    param.default === undefined ? param.name : `${param.name}=${literal(param.default)}`,
  )
  const handed = new Set<ShortcutItem>()
  const lines: string[] = []
  let at = 0
  for (const item of scope.items) {
    for (const module of attributeModules(item, plan.calls)) {
      const first = at
      at += module.args.length
      const target = `self.${attributes.get(item.id)}`
      if (item.type === 'shortcut') {
        const param = block.bound.get(first)
        if (param === undefined) continue
        handed.add(item)
        lines.push(`${target} = ${param} or nn.Identity()`)
      } else {
        const args = argsText(module.args, (place) => block.bound.get(first + place))
        lines.push(...assigned(target, module.callee, args))
      }
    }
  }
  const shown = block.scopes.map((one) => one.name)
  const where = shown.length === 1 ? shown[0] : `${shown[0]} to ${shown.at(-1)}, ${shown.length} in all`
  return classText({
    name: block.name,
    doc: `${shown.length === 1 ? 'Block' : 'Blocks'} ${prose(where ?? '')}.`,
    parameters,
    init: lines,
    forward: forwardLines(scope, null, isInputIn(handed)),
  })
}

const assigned = (target: string, callee: string, args: readonly string[]): string[] => {
  const [head, ...rest] = call(callee, args, '        ', target.length + 3)
  return [`${target} = ${head}`, ...rest]
}

interface ClassText {
  readonly name: string
  readonly doc: string
  readonly parameters: readonly string[]
  readonly init: readonly string[]
  readonly forward: readonly string[]
}

const classText = ({ name, doc, parameters, init, forward }: ClassText): string => `class ${name}(nn.Module):
    """${doc}"""

${signature(['self', ...parameters])}
        super().__init__()
${init.map((line) => `        ${line}\n`).join('')}
    def forward(self, x):
${forward.map((line) => `        ${line}\n`).join('')}`

function signature(parameters: readonly string[]): string {
  const line = `    def __init__(${parameters.join(', ')}):`
  if (line.length <= 100) return line
  const rows: string[] = ['']
  for (const parameter of parameters) {
    const row = rows.at(-1)!
    if (row !== '' && row.length + parameter.length > 84) rows.push(`${parameter}, `)
    else rows[rows.length - 1] = `${row}${parameter}, `
  }
  const inner = rows.map((row) => `        ${row.trimEnd()}`).join('\n')
  return `    def __init__(\n${inner}\n    ):`
}

function networkClass(name: string, network: Scope, graph: TorchGraph, plan: Plan): string {
  const attributes = attributesOf(network)
  const init = network.items.flatMap((item) => {
    const target = `self.${attributes.get(item.id)}`
    if (item.type === 'shortcut') {
      return item.nodes.length === 0 ? [] : sequence(target, entriesOfNodes(item))
    }
    if (item.type === 'block' && plan.sequential.has(item.scope)) {
      return sequence(target, entriesOf(item.scope, plan))
    }
    return attributeModules(item, plan.calls).flatMap((module) =>
      assigned(target, module.callee, argsText(module.args)),
    )
  })
  return classText({
    name,
    doc: `${prose(graph.name)}: ${graph.classes} classes.`,
    parameters: [],
    init,
    forward: forwardLines(
      network,
      { main: graph.output, auxiliaries: graph.auxiliaries },
      isInputIn(new Set()),
    ),
  })
}

/** What an `nn.Sequential` lists: a module, or another sequence. */
type Entry = { readonly module: TorchModule } | { readonly sequence: readonly Entry[] }

const entriesOf = (scope: Scope, plan: Plan): Entry[] =>
  scope.items.flatMap((item): Entry[] => {
    if (item.type === 'block') {
      return plan.sequential.has(item.scope)
        ? [{ sequence: entriesOf(item.scope, plan) }]
        : [{ module: plan.calls.get(item.scope)! }]
    }
    return item.type === 'layer' ? (modulesOf(item.node) ?? []).map((module) => ({ module })) : []
  })

const entriesOfNodes = ({ nodes }: ShortcutItem): Entry[] =>
  nodes.flatMap((node) => (modulesOf(node) ?? []).map((module) => ({ module })))

const sequence = (target: string, entries: readonly Entry[]): string[] => {
  const [only] = entries
  if (entries.length === 1 && only && 'module' in only) {
    return assigned(target, only.module.callee, argsText(only.module.args))
  }
  const [head, ...rest] = sequenceLines(entries, target.length + 11)
  return [`${target} = ${head}`, ...rest]
}

function sequenceLines(entries: readonly Entry[], before: number): string[] {
  const parts: string[] = []
  for (let at = 0; at < entries.length; ) {
    const run = runFrom(entries, at)
    if (run) {
      parts.push(run.code)
      at += run.length
      continue
    }
    const entry = entries[at]!
    const lines =
      'module' in entry ? moduleLines(entry.module, '            ') : sequenceLines(entry.sequence, 12)
    parts.push(lines.join('\n'))
    at += 1
  }
  return call('nn.Sequential', parts, '', before)
}

/** Calls of one class whose figures stay or grow evenly, as a loop; null where it is not worth one. */
function runFrom(entries: readonly Entry[], start: number): { code: string; length: number } | null {
  const first = moduleAt(entries, start)
  const second = moduleAt(entries, start + 1)
  if (!first || !second || !alike(first, second)) return null
  const steps = first.args.map(({ value }, i) => stepBetween(value, second.args[i]!.value))
  if (steps.some((step) => step === null)) return null
  let length = 2
  for (let next = moduleAt(entries, start + length); next && alike(first, next); ) {
    const before = moduleAt(entries, start + length - 1)!
    if (!next.args.every(({ value }, i) => stepBetween(before.args[i]!.value, value) === steps[i])) break
    length += 1
    next = moduleAt(entries, start + length)
  }
  const grows = steps.some((step) => step !== 0)
  if (grows && length < 3) return null
  const args = first.args.map((arg, i): Arg => {
    const step = steps[i]!
    if (step === 0) return arg
    const sign = step < 0 ? '-' : '+'
    return { ...arg, value: `${literal(arg.value)} ${sign} ${Math.abs(step)} * i` }
  })
  const code = call(first.callee, argsText(args), '').join('\n')
  return { code: `*(${code} for ${grows ? 'i' : '_'} in range(${length}))`, length }
}

function moduleAt(entries: readonly Entry[], at: number): TorchModule | null {
  const entry = entries[at]
  // stateless modules are too short for a loop
  return entry && 'module' in entry && !entry.module.inline ? entry.module : null
}

const alike = (a: TorchModule, b: TorchModule): boolean =>
  a.callee === b.callee && a.args.length === b.args.length

/** How much larger the second is; 0 for equal values, null for others. */
function stepBetween(a: Arg['value'], b: Arg['value']): number | null {
  if (literal(a) === literal(b)) return 0
  return typeof a === 'number' && typeof b === 'number' && Number.isInteger(b - a) ? b - a : null
}

/** Where each weight of the document is in the model. */
function namesOf(network: Scope, plan: Plan): ReadonlyMap<string, string> {
  const names = new Map<string, string>()
  const add = (item: Extract<Item, { type: 'layer' }>['node'], module: TorchModule, path: string) => {
    for (const weight of item.weights)
      names.set(`${item.name}.${weight}`, `${path}.${module.weights![weight]}`)
  }
  const walk = (scope: Scope, prefix: string) => {
    const attributes = attributesOf(scope)
    for (const item of scope.items) {
      const path = `${prefix}${attributes.get(item.id)}`
      if (item.type === 'block' && plan.sequential.has(item.scope)) walkSequence(item.scope, path)
      else if (item.type === 'block') walk(item.scope, `${path}.`)
      else if (item.type === 'shortcut') walkModules(item.nodes, path)
      else for (const module of modulesOf(item.node) ?? []) if (module.weights) add(item.node, module, path)
    }
  }
  /** Modules of layers one behind the other: numbered, unless there is one alone. */
  const walkModules = (nodes: ShortcutItem['nodes'], path: string, from = 0, alone = true) => {
    const all = nodes.flatMap((node) => (modulesOf(node) ?? []).map((module) => ({ node, module })))
    for (const [i, { node, module }] of all.entries()) {
      const place = alone && all.length === 1 ? path : `${path}.${from + i}`
      if (module.weights) add(node, module, place)
    }
    return from + all.length
  }
  const walkSequence = (scope: Scope, path: string) => {
    let at = 0
    const alone = scope.items.length === 1
    for (const item of scope.items) {
      if (item.type === 'layer') at = walkModules([item.node], path, at, alone)
      if (item.type !== 'block') continue
      if (plan.sequential.has(item.scope)) walkSequence(item.scope, `${path}.${at}`)
      else walk(item.scope, alone ? `${path}.` : `${path}.${at}.`)
      at += 1
    }
  }
  walk(network, '')
  return names
}
