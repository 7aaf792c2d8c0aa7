import type { NetworkDocument } from '../network/schema.ts'
import { analyze } from './analyze.ts'
import { feeding } from './lessons/net.ts'
import type { Analysis } from './report.ts'

/**
 * The ways from the input of a residual network to its output, in the unravelled view of Veit, Wilber and Belongie
 * (Residual networks behave like ensembles of relatively shallow networks, 2016): at every addition a way goes through
 * the module or past it.
 */
export interface Paths {
  /** Residual modules, each of which doubles the ways when it has one branch beside its shortcut. */
  readonly modules: number
  /** All ways: 2^54 for 54 modules, hence a big integer. */
  readonly count: bigint
  /** Ways by length: entry n is how many go through n modules. */
  readonly lengths: readonly bigint[]
  /** Mean number of modules a way goes through. */
  readonly mean: number
}

const known = new WeakMap<Analysis, Paths | null>()

/**
 * Counts the ways of a network by the number of residual modules they go through. Branches that are not joined by an
 * addition (the filters of an inception module, dense concatenation) are no ways of their own, as the paper takes a
 * module as one. Null for a network without residual modules, or with none or several outputs.
 */
export function pathsOf(document: NetworkDocument): Paths | null {
  const analysis = analyze(document)
  const before = known.get(analysis)
  if (before !== undefined) return before
  const paths = count(analysis)
  known.set(analysis, paths)
  return paths
}

function count(analysis: Analysis): Paths | null {
  const { end } = analysis
  if (end === null) return null
  const main = feeding(analysis, end)
  const depths = new Map<string, number>()
  const ways = new Map<string, readonly bigint[]>()
  let modules = 0
  for (const id of analysis.order) {
    if (!main.has(id)) continue
    const { inputs, kind } = analysis.layers.get(id)!
    const before = inputs.map((input) => depths.get(input) ?? 0)
    depths.set(id, Math.max(0, ...before) + (analysis.weighted.has(id) ? 1 : 0))
    const all = inputs.map((input) => ways.get(input) ?? ONE)
    const past = kind === 'add' ? shortcut(before) : -1
    if (past >= 0) modules++
    ways.set(id, past >= 0 ? sum(all.map((one, i) => (i === past ? one : [0n, ...one]))) : most(all))
  }
  if (modules === 0) return null
  const lengths = ways.get(end)!
  const total = lengths.reduce((a, b) => a + b, 0n)
  return { modules, count: total, lengths, mean: meanOf(lengths, total) }
}

const ONE: readonly bigint[] = [1n]

/** Which of an addition's inputs is the shortcut: the one with the fewest weighted layers; -1 where none has fewer. */
function shortcut(depths: readonly number[]): number {
  const least = Math.min(...depths)
  const at = depths.indexOf(least)
  return depths.lastIndexOf(least) === at ? at : -1
}

function sum(all: readonly (readonly bigint[])[]): readonly bigint[] {
  const total: bigint[] = []
  for (const one of all)
    for (let n = 0; n < one.length; n++) total[n] = n < total.length ? total[n]! + one[n]! : one[n]!
  return total
}

/** Of branches that are one module together, the one with the most ways; an input layer has one way. */
function most(all: readonly (readonly bigint[])[]): readonly bigint[] {
  const total = (one: readonly bigint[]) => one.reduce((a, b) => a + b, 0n)
  return all.reduce((best, one) => (best === one || total(one) <= total(best) ? best : one), all[0] ?? ONE)
}

/** The mean length, exact to 9 digits however large the counts. */
function meanOf(lengths: readonly bigint[], total: bigint): number {
  const weighted = lengths.reduce((all, ways, length) => all + ways * BigInt(length), 0n)
  return Number((weighted * 1_000_000_000n) / total) / 1e9
}

/** Share of the ways that go through `from` to `to` modules, both included: 0 to 1. */
export function shareOf({ lengths, count }: Paths, from: number, to: number): number {
  const within = lengths.slice(Math.max(0, from), to + 1).reduce((a, b) => a + b, 0n)
  return Number((within * 1_000_000_000n) / count) / 1e9
}

/**
 * The narrowest range of lengths around the most frequent one that holds at least `share` of the ways.
 */
export function rangeOf({ lengths, count }: Paths, share: number): readonly [from: number, to: number] {
  let from = lengths.reduce((best, ways, n) => (ways > lengths[best]! ? n : best), 0)
  let to = from
  let within = lengths[from]!
  const wanted = (count * BigInt(Math.round(share * 1e6))) / 1_000_000n
  while (within < wanted) {
    const [left, right] = [lengths[from - 1] ?? -1n, lengths[to + 1] ?? -1n]
    if (left >= right) within += lengths[--from]!
    else within += lengths[++to]!
  }
  return [from, to]
}

/** A number of ways as people read it: exact up to 20 digits, then four of them and the power of ten. */
export function showWays(count: bigint): string {
  if (count < 10n ** 20n) return count.toLocaleString('en-US')
  const digits = String(count)
  const superscript = [...String(digits.length - 1)].map((digit) => '⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(digit)]).join('')
  return `${digits[0]}.${digits.slice(1, 4)} × 10${superscript}`
}
