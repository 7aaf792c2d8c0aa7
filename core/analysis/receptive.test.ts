import fc from 'fast-check'
import { expect, it } from 'vitest'
import { analyze } from './analyze.ts'
import { type Item, net } from './fixtures.ts'

/** A window over rows, and another over columns, as written in a document. */
interface Axis {
  readonly kernel: number
  readonly stride: number
  readonly dilation: number
  readonly before: number
  readonly after: number
}
/** Windows beside one another over the same maps, joined again; one of them alone is a layer in a row. */
type Stage = readonly (readonly [Axis, Axis])[]

const free = fc.record({
  kernel: fc.integer({ min: 1, max: 5 }),
  stride: fc.integer({ min: 1, max: 3 }),
  dilation: fc.integer({ min: 1, max: 3 }),
  before: fc.integer({ min: 0, max: 3 }),
  after: fc.integer({ min: 0, max: 3 }),
})
/** Keeps the size of maps, so that it can stand beside others, with its padding anyhow on both sides. */
const even = fc
  .record({
    kernel: fc.integer({ min: 1, max: 5 }),
    dilation: fc.integer({ min: 1, max: 3 }),
    split: fc.nat(12),
  })
  .map(({ kernel, dilation, split }): Axis => {
    const all = dilation * (kernel - 1)
    const before = Math.min(split, all)
    return { kernel, stride: 1, dilation, before, after: all - before }
  })
const stages: fc.Arbitrary<readonly Stage[]> = fc.array(
  fc.oneof(
    fc.tuple(free, free).map((one) => [one]),
    fc.array(fc.tuple(even, even), { minLength: 2, maxLength: 3 }),
  ),
  { minLength: 1, maxLength: 4 },
)

function build(all: readonly Stage[]) {
  const items: Item[] = [['in', 'input', { shape: [1, 400, 400] }]]
  let last = 'in'
  for (const [i, stage] of all.entries()) {
    const names = stage.map(([h, w], k) => {
      items.push([
        `s${i}b${k}`,
        'conv2d',
        {
          filters: 1 + k,
          kernel: [h.kernel, w.kernel],
          stride: [h.stride, w.stride],
          dilation: [h.dilation, w.dilation],
          padding: 'explicit',
          pads: [h.before, h.after, w.before, w.after],
        },
        [last],
      ])
      return `s${i}b${k}`
    })
    last = names[0]!
    if (names.length > 1) {
      last = `s${i}`
      items.push([last, 'concat', {}, names])
    }
  }
  return { document: net(...items), last }
}

/** Every place of the input that place `at` behind stage `upTo` reads, one by one. */
function reads(all: readonly Stage[], upTo: number, axis: 0 | 1, at: number): ReadonlySet<number> {
  if (upTo < 0) return new Set([at])
  const found = new Set<number>()
  for (const branch of all[upTo]!) {
    const { kernel, stride, dilation, before } = branch[axis]
    for (let tap = 0; tap < kernel; tap++)
      for (const place of reads(all, upTo - 1, axis, at * stride - before + tap * dilation)) found.add(place)
  }
  return found
}

it('reaches from the first to the last of the places that are really read, through any windows and branches', () => {
  fc.assert(
    fc.property(stages, fc.integer({ min: 0, max: 3 }), (all, at) => {
      const { document, last } = build(all)
      const { receptiveField, stride } = analyze(document).layers.get(last)!
      for (const axis of [0, 1] as const) {
        const here = [...reads(all, all.length - 1, axis, at)]
        const next = [...reads(all, all.length - 1, axis, at + 1)]
        expect(receptiveField![axis]).toBe(Math.max(...here) - Math.min(...here) + 1)
        expect(stride![axis]).toBe(Math.min(...next) - Math.min(...here))
      }
    }),
    { numRuns: 150, seed: 5 },
  )
})
