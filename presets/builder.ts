import { type KindName, registry } from '../core/layers/index.ts'
import type { LayerKind } from '../core/layers/kind.ts'
import type { ParamSpecs, ParamsOf } from '../core/layers/params.ts'
import { createDocument, OUTPUT_PORT } from '../core/network/document.ts'
import type { Layer, NetworkDocument, Recipe, Wire } from '../core/network/schema.ts'

type SpecsOf<K extends KindName> =
  (typeof registry)[K] extends LayerKind<infer P extends ParamSpecs> ? P : never
/** Some or all parameters of a kind; a misspelt name or an option that does not exist does not compile. */
export type ParamsFor<K extends KindName> = Partial<ParamsOf<SpecsOf<K>>>

/** A layer already in the network, to feed others with. */
export interface Handle {
  readonly id: string
}

export interface NetworkBuilder {
  /**
   * Adds a layer behind the one added last, or behind `from` (several for add and concat; none for an input).
   * @throws RangeError when the name is taken
   */
  add<K extends KindName>(
    kind: K,
    name: string,
    params?: ParamsFor<K>,
    from?: Handle | readonly Handle[],
  ): Handle
  /** The finished document, laid out in rows. */
  build(): NetworkDocument
}

/** Nodes are 140 wide, and the shape on a wire needs 68 to be read. */
const COLUMN = 140 + 72
/** Room for the tallest node and for the wire that runs back to the next row. */
const ROW = 240
const COLUMNS = 5

/** Builds a preset's document layer by layer. */
export function network(name: string, extra: { presetId?: string; recipe?: Recipe } = {}): NetworkBuilder {
  const layers: Layer[] = []
  const wires: Wire[] = []
  let nextId = 1
  let last: Handle | null = null
  return {
    add(kind, layerName, params = {}, from) {
      if (layers.some((layer) => layer.name === layerName))
        throw new RangeError(`two layers of "${name}" are called "${layerName}": give each its own name`)
      const id = `l${nextId++}`
      layers.push({
        id,
        kind,
        kindVersion: registry[kind].version,
        name: layerName,
        params: structured(params),
        position: { x: 0, y: 0 },
      })
      const port = registry[kind].inputs[0]
      const sources = from ? [from].flat() : last && port ? [last] : []
      for (const source of sources)
        wires.push({
          id: `w${nextId++}`,
          from: { layer: source.id, port: OUTPUT_PORT },
          to: { layer: id, port: port!.name },
        })
      last = { id }
      return last
    },
    build: () => ({
      ...createDocument(name),
      nextId,
      ...(extra.presetId ? { preset: { id: extra.presetId } } : {}),
      ...(extra.recipe ? { recipe: extra.recipe } : {}),
      layers: arrange(layers, wires),
      wires,
    }),
  }
}

/** A copy that shares no array with the preset's source or the kind's defaults. */
const structured = (params: object): Record<string, unknown> => JSON.parse(JSON.stringify(params))

/**
 * Columns by distance from the input, broken into rows of five; layers of one column stand below one another.
 */
function arrange(layers: readonly Layer[], wires: readonly Wire[]): Layer[] {
  const column = new Map<string, number>()
  const used = new Map<number, number>()
  const lane = new Map<string, number>()
  for (const { id } of layers) {
    const sources = wires.filter((wire) => wire.to.layer === id).map((wire) => column.get(wire.from.layer)!)
    const at = sources.length === 0 ? 0 : Math.max(...sources) + 1
    column.set(id, at)
    lane.set(id, used.get(at) ?? 0)
    used.set(at, (used.get(at) ?? 0) + 1)
  }
  const rowOf = (at: number) => Math.floor(at / COLUMNS)
  const heights: number[] = []
  for (const [at, count] of used) heights[rowOf(at)] = Math.max(heights[rowOf(at)] ?? 1, count)
  const top = (row: number) => heights.slice(0, row).reduce((sum, height) => sum + height * ROW, 0)
  return layers.map((layer) => {
    const at = column.get(layer.id)!
    return {
      ...layer,
      position: { x: (at % COLUMNS) * COLUMN, y: top(rowOf(at)) + lane.get(layer.id)! * ROW },
    }
  })
}
