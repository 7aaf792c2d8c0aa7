import { type KindName, registry } from '../../layers/index.ts'
import { createDocument, OUTPUT_PORT } from '../../network/document.ts'
import { arrange } from '../../network/rows.ts'
import type { Layer, NetworkDocument, Wire } from '../../network/schema.ts'

/** A layer as an importer found it. */
export interface FoundLayer {
  /** Unique; `naming` makes such names. */
  readonly name: string
  readonly kind: KindName
  readonly params: Readonly<Record<string, unknown>>
  /** Names of the layers that feed it, in the order of its ports. */
  readonly from: readonly string[]
}

/**
 * A document of these layers, laid out in rows. Layers stand behind those that feed them.
 * @throws RangeError when a layer is fed by one that does not stand before it, or by more than it has ports for
 */
export function assemble(name: string, found: readonly FoundLayer[]): NetworkDocument {
  const ids = new Map<string, string>()
  const layers: Layer[] = []
  const wires: Wire[] = []
  let nextId = 1
  for (const { name: layerName, kind, params, from } of found) {
    const { version, inputs } = registry[kind]
    const id = `l${nextId++}`
    const ports: readonly { readonly name: string; readonly variadic?: boolean }[] = inputs
    for (const [i, source] of from.entries()) {
      const port = ports[i] ?? (ports.at(-1)?.variadic ? ports.at(-1) : undefined)
      const sourceId = ids.get(source)
      if (!port || sourceId === undefined)
        throw new RangeError(`"${layerName}" can't be fed by "${source}": no such port, or no such layer yet`)
      wires.push({
        id: `w${nextId++}`,
        from: { layer: sourceId, port: OUTPUT_PORT },
        to: { layer: id, port: port.name },
      })
    }
    ids.set(layerName, id)
    layers.push({
      id,
      kind,
      kindVersion: version,
      name: layerName,
      params: { ...params },
      position: { x: 0, y: 0 },
    })
  }
  return { ...createDocument(name.slice(0, 200)), nextId, layers: arrange(layers, wires), wires }
}

/**
 * Gives each layer a name that a document takes and no other layer has: slashes and colons, which other programs put
 * into names, become dots.
 */
export function naming(): (wanted: string, otherwise: string) => string {
  const taken = new Set<string>()
  return (wanted, otherwise) => {
    const clean = wanted
      .replace(/[^\p{L}\p{N}._-]+/gu, '.')
      .replace(/^\.+|\.+$/g, '')
      .slice(0, 100)
    const base = clean || otherwise
    let name = base
    for (let n = 2; taken.has(name); n++) name = `${base}_${n}`
    taken.add(name)
    return name
  }
}
