import { layoutOf } from '../../core/engine/layout.ts'
import type { ExportedFile } from '../../core/interchange/export/index.ts'
import { type Imported, importNetwork } from '../../core/interchange/import/index.ts'
import type { NetworkDocument } from '../../core/network/schema.ts'
import { BATCH, executor, type Reference } from './reference.ts'
import { apart } from './tfjs.ts'

/** What comes back of an export: how far its outputs are, and whether it has the same layers. */
export interface RoundTrip {
  readonly error: number
  /** Kinds of layers that came instead of others; empty where the structure is the same. */
  readonly other: readonly string[]
}

/** All weights of an imported network in the order of its layout. */
export function weightsOf({ document, weights }: Imported): Float32Array {
  const layout = layoutOf(document)
  const named = new Map(weights.map((array) => [array.name, array.data]))
  const all = new Float32Array(layout.size)
  for (const { name, offset, size } of layout.slots) {
    const data = named.get(name)
    if (data?.length !== size) throw new Error(`${name}: ${data?.length} values for ${size}`)
    all.set(data as Float32Array, offset)
  }
  return all
}

/** Reads an export back and compares the outputs of what came with those of what went. */
export async function roundTrip(
  files: readonly ExportedFile[],
  { request, input, logits }: Reference,
): Promise<RoundTrip> {
  const [{ path, bytes }] = files as [ExportedFile]
  const imported = await importNetwork(
    { name: path, bytes },
    (name) => files.find((file) => file.path === name)!.bytes,
  )
  const session = await executor.inference(imported.document, BATCH)
  await session.setWeights(weightsOf(imported))
  const error = apart(await session.run(input), logits)
  await session.dispose()
  return { error, other: otherKinds(request.document, imported.document) }
}

function otherKinds(before: NetworkDocument, after: NetworkDocument): string[] {
  const left = after.layers.map(({ kind }) => kind)
  for (const { kind } of before.layers) {
    const at = left.indexOf(kind)
    if (at >= 0) left.splice(at, 1)
  }
  return left
}
