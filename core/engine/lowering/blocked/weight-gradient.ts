import type { Tensor } from '../../../layers/builder.ts'
import type { ConvAttributes } from '../../ops/conv.ts'
import { type Operation, sizeOf } from '../../ops/primitive.ts'
import { convolve, isBlockable, isMap, readsPlain } from './conv.ts'
import { blockedForm, filterForm, roundUp, stemForm } from './forms.ts'
import type { BlockedGraph } from './graph.ts'
import { bandsFirst, fillSamples, overGroups, sampleBlocks, sampleFilters } from './samples.ts'

/** The sizes that the recipes below reckon with. */
interface Sizes {
  readonly n: number
  /** Samples filled up to whole blocks. */
  readonly samples: number
  readonly c: number
  readonly k: number
  readonly cBlocks: number
  readonly kBlocks: number
  /** [rows, columns] of x, dy and the kernel. */
  readonly x: readonly [number, number]
  readonly dy: readonly [number, number]
  readonly kernel: readonly [number, number]
  readonly stride: readonly [number, number]
  readonly before: readonly [number, number]
  readonly after: readonly [number, number]
}

/**
 * The gradient of a convolution's filters: itself a convolution, of x by dy with samples and channels swapped, where
 * samples are what the kernel sums over and so take the place of blocked channels.
 */
export function emitWeightGradient(g: BlockedGraph, op: Operation<ConvAttributes>): boolean {
  const { window, groups } = op.attributes
  const [x, dy] = op.inputs as [Tensor, Tensor]
  if (!isBlockable(window, groups) || !isMap(g, dy)) return false
  const stack = g.pendingOf(x)
  if (stack?.kind === 'stack') return stackedGradients(g, op, stack.parts)
  const sizes = sizesOf(g, op, x)
  if (readsPlain(g, x)) {
    g.put(op.output, stemForm(op.output.shape), byDy(g, x, dy, sizes, true))
  } else {
    const gradient = prefersX(g, dy, sizes) ? byX(g, [x], dy, sizes)[0]! : byDy(g, x, dy, sizes, false)
    g.put(op.output, filterForm(op.output.shape), gradient)
  }
  return true
}

/** Gradients of filters that read stacked maps, all at once where that can be. */
function stackedGradients(g: BlockedGraph, op: Operation<ConvAttributes>, maps: readonly Tensor[]): boolean {
  const [k, , kh, kw] = op.output.shape as [number, number, number, number]
  const dy = op.inputs[1]!
  const sizes = sizesOf(g, op, op.inputs[0]!)
  const cBlocks = maps.reduce((sum, { shape }) => sum + roundUp(shape[1]!, g.block) / g.block, 0)
  const atOnce = canTurn({ ...sizes, cBlocks })
  const names = atOnce ? byX(g, maps, dy, { ...sizes, cBlocks }) : []
  const parts = maps.map((map, i) => {
    const part = g.ownTensor([k, map.shape[1]!, kh, kw])
    const own = sizesOf(g, op, map)
    g.put(part, filterForm(part.shape), atOnce ? names[i]! : byDy(g, map, dy, own, false))
    return part
  })
  g.defer(op.output, { kind: 'stack', form: null, parts, axis: 1 })
  return true
}

function sizesOf(g: BlockedGraph, op: Operation<ConvAttributes>, x: Tensor): Sizes {
  const { window } = op.attributes
  const dy = op.inputs[1]!
  const pair = (values: readonly number[]) => [values[0]!, values[1]!] as const
  return {
    n: x.shape[0]!,
    samples: roundUp(x.shape[0]!, g.block),
    c: x.shape[1]!,
    k: dy.shape[1]!,
    cBlocks: roundUp(x.shape[1]!, g.block) / g.block,
    kBlocks: roundUp(dy.shape[1]!, g.block) / g.block,
    x: pair(x.shape.slice(2)),
    dy: pair(dy.shape.slice(2)),
    kernel: pair(window.kernel),
    stride: pair(window.stride),
    before: pair(window.padBefore),
    after: pair(window.padAfter),
  }
}

/** Whether x can be the filter. */
function canTurn({ n, samples, stride, kernel, before, after }: Sizes): boolean {
  const fits = [0, 1].every(
    (axis) => stride[axis] === 1 && Math.max(before[axis]!, after[axis]!) < kernel[axis]!,
  )
  return fits && samples === n
}

/** From so many readers on what all of them share of dy is worth the turning around that each has to do. */
const MANY_READERS = 4

/**
 * Whether x should be the filter: it has more blocks than dy, whose kernel results then are the smaller ones, or as many
 * and dy goes with others too.
 */
function prefersX(g: BlockedGraph, gradient: Tensor, s: Sizes): boolean {
  const blocks = g.readersOf(gradient).length < MANY_READERS ? s.kBlocks : s.kBlocks - 1
  return canTurn(s) && blocks < s.cBlocks
}

/**
 * x convolved by dy: [c / b, kernel rows, kernel columns, c lanes] places, one filter a block of samples and k. Large
 * maps are cut into bands of rows that count as samples of their own, and so are those of few samples, which then fill
 * the lanes.
 */
function byDy(g: BlockedGraph, x: Tensor, dy: Tensor, s: Sizes, stem: boolean): string {
  const b = g.block
  const lanes = stem ? s.c : b
  const cBlocks = stem ? 1 : s.cBlocks
  const fill = s.n % b !== 0
  const bands = fill ? fillingBands(s, b) : bandsOf(s.dy, s.kBlocks)
  const samples = fill ? roundUp(s.n * bands, b) : s.samples * bands
  const groups = samples / b
  const needed = [0, 1].map((axis) => (s.dy[axis]! - 1) * s.stride[axis]! + s.kernel[axis]!)
  const [below, right] = [0, 1].map((axis) => Math.max(0, needed[axis]! - s.x[axis]! - s.before[axis]!))
  const width = s.x[1] + s.before[1] + right!
  const margins = bands === 1 ? [0, s.before[1], 0, right!] : [s.before[0], s.before[1], below!, right!]
  const maps = stem
    ? plainMaps(g, x, s, margins)
    : widened(g, g.as(x, blockedForm(x.shape)), s.cBlocks, margins)
  const rows = s.dy[0] / bands
  const height = bands === 1 ? s.x[0] : (rows - 1) * s.stride[0] + s.kernel[0]
  const total = s.x[0] + s.before[0] + below!
  const band = { cBlocks, bands, rows, height, total, width: width * lanes, apart: fill }
  const cut = bands === 1 ? maps : bandsOfRows(g, maps, s, band)
  const n = fill ? s.n * bands : s.n
  const size = (s.n / n) * bands * height * width * lanes
  const filled = fillSamples(g, cut, { n, size: cBlocks * size, multiple: 4 })
  const source = sampleBlocks(g, filled, n, { blocks: cBlocks, size })
  const sums = convolve(
    g,
    g.view(source, [cBlocks, groups * b, height, width * lanes]),
    g.view(fill ? filledFilters(g, dy, s, bands) : bandFilters(g, dy, s, bands), [
      groups * s.kBlocks * b,
      b,
      rows,
      s.dy[1],
    ]),
    {
      kernel: [rows, s.dy[1]],
      pads: bands === 1 ? [s.before[0], 0, below!, 0] : [0, 0, 0, 0],
      dilations: [s.stride[0], s.stride[1] * lanes],
      group: groups,
    },
  )
  const surplus = bands === 1 ? s.x[0] + s.before[0] + below! - needed[0]! : 0
  const got = [s.kernel[0] + surplus, (width - (s.dy[1] - 1) * s.stride[1]) * lanes] as const
  const [kh, kw] = [s.kernel[0], s.kernel[1] * lanes]
  let gradient = overGroups(g, sums, cBlocks, groups, s.kBlocks * got[0] * got[1] * b)
  if (got[0] !== kh || got[1] !== kw) {
    const all = g.view(gradient, [cBlocks, s.kBlocks, ...got, b])
    gradient = g.op('Slice', [all, g.ints([0, 0]), g.ints([kh, kw]), g.ints([2, 3])])
  }
  if (cBlocks > 1 && s.kBlocks > 1) {
    const apart = g.view(gradient, [cBlocks, s.kBlocks, kh * kw * b])
    gradient = g.op('Transpose', [apart], { perm: [1, 0, 2] })
  }
  return g.view(gradient, [s.kBlocks * cBlocks * kh * kw * b])
}

/** Places of a filter, times the up to 4 blocks that the kernel works on at once, that stay in the cache. */
const CACHED_PLACES = 1024

const fitsCache = (places: readonly number[], blocks: number): boolean =>
  sizeOf(places) * Math.min(blocks, 4) <= CACHED_PLACES

/** Fewest equal bands of rows whose filters stay in the cache. */
function bandsOf([rows, columns]: readonly [number, number], blocks: number): number {
  for (let bands = 1; bands < rows; bands++) {
    if (rows % bands === 0 && fitsCache([rows / bands, columns], blocks)) return bands
  }
  return rows
}

/** Bands that fill blocks of samples best, among those whose filters stay in the cache; the fewest of equally good ones. */
function fillingBands({ n, dy: [rows, columns], kBlocks }: Sizes, block: number): number {
  let best = { bands: 1, worth: 0 }
  for (let bands = 1; bands <= rows; bands++) {
    if (rows % bands !== 0) continue
    const filled = (n * bands) / roundUp(n * bands, block)
    // out of the cache the kernel loses about as much as it does by a third of its lanes
    const worth = filled * (fitsCache([rows / bands, columns], kBlocks) ? 1 : 0.67)
    if (worth > best.worth + 0.05) best = { bands, worth }
  }
  return best.bands
}

interface Bands {
  readonly cBlocks: number
  readonly bands: number
  /** Rows of dy in a band. */
  readonly rows: number
  /** Rows of x that a band reads; bands overlap. */
  readonly height: number
  /** Rows of x with its margins. */
  readonly total: number
  /** Values in a row. */
  readonly width: number
  /** Whether bands go before blocks, as samples. */
  readonly apart: boolean
}

/** [n, blocks, bands, height, width] of maps with their margins, or [n, bands, blocks, height, width]. */
function bandsOfRows(
  g: BlockedGraph,
  maps: string,
  s: Sizes,
  { cBlocks, bands, rows, height, total, width, apart }: Bands,
): string {
  if (apart && cBlocks > 1) {
    const order: number[] = []
    for (let n = 0; n < s.n; n++) {
      for (let band = 0; band < bands; band++) {
        for (let c = 0; c < cBlocks; c++) {
          const first = (n * cBlocks + c) * total + band * rows * s.stride[0]
          for (let row = 0; row < height; row++) order.push(first + row)
        }
      }
    }
    return g.op('Gather', [g.view(maps, [s.n * cBlocks * total, width]), g.ints(order)], { axis: 0 })
  }
  const order = Array.from(
    { length: bands * height },
    (_, i) => Math.floor(i / height) * rows * s.stride[0] + (i % height),
  )
  // bands that don't overlap lie as they should
  if (order.length === total && order.every((row, i) => row === i)) return maps
  return g.op('Gather', [g.view(maps, [s.n * cBlocks, -1, width]), g.ints(order)], { axis: 1 })
}

/** dy as filters with bands as samples: [n bands / b, blocks, places of a band, b of n bands, b]. */
function filledFilters(g: BlockedGraph, dy: Tensor, s: Sizes, bands: number): string {
  return g.shared(`filters of ${dy.id} in ${bands} bands`, () => {
    const size = (sizeOf(s.dy) / bands) * g.block
    const count = s.n * s.kBlocks * bands
    const order = Array.from({ length: count }, (_, i) => {
      const [n, band, k] = [
        Math.floor(i / (bands * s.kBlocks)),
        Math.floor(i / s.kBlocks) % bands,
        i % s.kBlocks,
      ]
      return (n * s.kBlocks + k) * bands + band
    })
    const maps = g.view(g.as(dy, blockedForm(dy.shape)), [count, size])
    const cut = bands === 1 || s.kBlocks === 1 ? maps : g.op('Gather', [maps, g.ints(order)], { axis: 0 })
    return sampleFilters(g, cut, s.n * bands, s.kBlocks * size)
  })
}

/** dy as filters [n / b, bands, blocks, places of a band, b of n, b]. */
function bandFilters(g: BlockedGraph, dy: Tensor, s: Sizes, bands: number): string {
  const places = sizeOf(s.dy)
  const filters = g.shared(`filters of ${dy.id}`, () =>
    sampleFilters(g, g.as(dy, blockedForm(dy.shape)), s.n, s.kBlocks * g.block * places),
  )
  return bandsFirst(g, filters, { groups: s.samples / g.block, blocks: s.kBlocks, bands, places })
}

/**
 * dy, padded, convolved by all of x: gives the filters turned around and with the roles of channels swapped. Large maps
 * are cut into bands of rows that count as samples of their own.
 */
function byX(g: BlockedGraph, maps: readonly Tensor[], dy: Tensor, s: Sizes): readonly string[] {
  const b = g.block
  const bands = bandsOf(s.x, s.cBlocks)
  const rows = s.x[0] / bands
  const groups = (s.samples / b) * bands
  const [top, left] = [s.kernel[0] - 1 - s.before[0], s.kernel[1] - 1 - s.before[1]]
  const [bottom, right] = [s.kernel[0] - 1 - s.after[0], s.kernel[1] - 1 - s.after[1]]
  const width = s.dy[1] + left + right
  const height = bands === 1 ? s.dy[0] : rows + s.kernel[0] - 1
  const source = g.shared(
    `samples of ${dy.id} in ${bands} bands, ${[top, left, bottom, right]} around`,
    () => {
      const margins = bands === 1 ? [0, left, 0, right] : [top, left, bottom, right]
      const wide = widened(g, g.as(dy, blockedForm(dy.shape)), s.kBlocks, margins)
      const band = { cBlocks: s.kBlocks, bands, rows, height, width: width * b, apart: false }
      const total = s.dy[0] + top + bottom
      const cut = bands === 1 ? wide : bandsOfRows(g, wide, { ...s, stride: [1, 1] }, { ...band, total })
      return sampleBlocks(g, cut, s.n, { blocks: s.kBlocks, size: bands * height * width * b })
    },
  )
  const sums = convolve(
    g,
    g.view(source, [s.kBlocks, groups * b, height, width * b]),
    g.view(stackedFilters(g, maps, s, bands), [groups * s.cBlocks * b, b, rows, s.x[1]]),
    {
      kernel: [rows, s.x[1]],
      pads: bands === 1 ? [top, 0, bottom, 0] : [0, 0, 0, 0],
      dilations: [1, b],
      group: groups,
    },
  )
  const taps = sizeOf(s.kernel)
  const blocks = s.kBlocks * s.cBlocks
  let gradient = overGroups(g, sums, s.kBlocks, groups, s.cBlocks * taps * b * b)
  if (taps > 1) {
    const order = Array.from({ length: blocks * taps }, (_, i) => i - (i % taps) + (taps - 1 - (i % taps)))
    gradient = g.op('Gather', [g.view(gradient, [blocks * taps, b * b]), g.ints(order)], { axis: 0 })
  }
  const turned = g.blockedOp('ReorderInput', [g.view(gradient, [blocks * taps, b, 1, b])])
  if (maps.length === 1) return [g.view(turned, [blocks * taps * b * b])]
  const sizes = maps.map(({ shape }) => roundUp(shape[1]!, b) * taps * b)
  const parts = g.split(g.view(turned, [s.kBlocks, s.cBlocks * taps * b * b]), sizes, 1)
  return parts.map((part, i) => g.view(part, [s.kBlocks * sizes[i]!]))
}

/** Maps, one behind another, as filters over samples: [n / b, bands, blocks, places of a band, b of n, b]. */
function stackedFilters(g: BlockedGraph, maps: readonly Tensor[], s: Sizes, bands: number): string {
  const b = g.block
  const places = sizeOf(s.x)
  const filters = maps.map((map) => {
    const blocks = roundUp(map.shape[1]!, b) / b
    const made = g.shared(`filters of ${map.id}`, () =>
      sampleFilters(g, g.as(map, blockedForm(map.shape)), s.n, blocks * b * places),
    )
    return { blocks, name: bandsFirst(g, made, { groups: s.samples / b, blocks, bands, places }) }
  })
  if (filters.length === 1) return filters[0]!.name
  const groups = (s.samples / b) * bands
  const rows = filters.map(({ blocks, name }) => g.view(name, [groups, (blocks * places * b * b) / bands]))
  return g.op('Concat', rows, { axis: 1 })
}

/**
 * Blocked maps with zeros around, given as [top, left, bottom, right]. A kernel of ones does it on all threads, unlike
 * Pad.
 */
function widened(g: BlockedGraph, maps: string, blocks: number, margins: readonly number[]): string {
  if (margins.every((n) => n === 0)) return maps
  const channels = blocks * g.block
  const ones = g.floats(new Float32Array(channels).fill(1), [channels, 1, 1, 1])
  return convolve(g, maps, ones, { kernel: [1, 1], pads: margins, group: channels })
}

/** Few channels as [n, h, w, c], with margins likewise. */
function plainMaps(g: BlockedGraph, x: Tensor, s: Sizes, margins: readonly number[]): string {
  let maps: string
  if (isMap(g, x)) {
    const lanes = g.view(g.as(x, blockedForm(x.shape)), [s.n, ...s.x, g.block])
    maps = g.op('Slice', [lanes, g.ints([0]), g.ints([s.c]), g.ints([3])])
  } else if (s.c === 1) {
    maps = g.view(g.name(x), [s.n, ...s.x, s.c])
  } else {
    maps = g.op('Transpose', [g.name(x)], { perm: [0, 2, 3, 1] })
  }
  if (margins.every((n) => n === 0)) return maps
  const [top, left, bottom, right] = margins as [number, number, number, number]
  return g.op('Pad', [maps, g.ints([0, top, left, 0, 0, bottom, right, 0])])
}
