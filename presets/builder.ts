import { type KindName, registry } from '../core/layers/index.ts'
import type { LayerKind } from '../core/layers/kind.ts'
import type { ParamSpecs, ParamsOf } from '../core/layers/params.ts'
import { createDocument, OUTPUT_PORT } from '../core/network/document.ts'
import { arrange } from '../core/network/rows.ts'
import type { Group, Layer, NetworkDocument, Recipe, Wire } from '../core/network/schema.ts'

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
  /** Puts the layers and blocks that `inside` adds into a block of that name; gives what `inside` gives. */
  group<T>(name: string, inside: () => T): T
  /**
   * The layer added last.
   * @throws RangeError when there is none
   */
  last(): Handle
  /** The finished document, laid out in rows. */
  build(): NetworkDocument
}

export interface NetworkExtra {
  readonly presetId?: string
  /** Options of that preset that differ from its defaults. */
  readonly options?: Readonly<Record<string, unknown>>
  readonly recipe?: Recipe
}

/** Builds a network layer by layer; a branch starts with the layer it leaves from as `from`. */
export function network(name: string, { presetId, options, recipe }: NetworkExtra = {}): NetworkBuilder {
  const layers: Layer[] = []
  const wires: Wire[] = []
  const groups: Group[] = []
  const names = new Set<string>()
  let nextId = 1
  let last: Handle | null = null
  let group: string | null = null
  return {
    add(kind, layerName, params = {}, from) {
      if (names.has(layerName))
        throw new RangeError(`two layers of "${name}" are called "${layerName}": give each its own name`)
      names.add(layerName)
      const id = `l${nextId++}`
      const { version, inputs } = registry[kind]
      layers.push({
        id,
        kind,
        kindVersion: version,
        name: layerName,
        ...(group === null ? {} : { group }),
        params: structured(params),
        position: { x: 0, y: 0 },
      })
      const port = inputs[0]
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
    group(groupName, inside) {
      const outer = group
      const id = `g${nextId++}`
      groups.push({ id, name: groupName, ...(outer === null ? {} : { parent: outer }) })
      group = id
      const result = inside()
      group = outer
      return result
    },
    last() {
      if (!last) throw new RangeError(`"${name}" has no layer yet: add an input first`)
      return last
    },
    build: () => ({
      ...createDocument(name),
      nextId,
      ...(presetId === undefined ? {} : { preset: { id: presetId, ...(options ? { options } : {}) } }),
      ...(recipe ? { recipe } : {}),
      layers: arrange(layers, wires),
      wires,
      groups,
    }),
  }
}

/** A copy that shares no array with the preset's source or the kind's defaults. */
const structured = (params: object): Record<string, unknown> => JSON.parse(JSON.stringify(params))
