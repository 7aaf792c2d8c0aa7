import { readFileSync } from 'node:fs'

export interface GoldenArray {
  readonly shape: readonly number[]
  /** Float64Array where the file has F64, which the app's own reader rounds to float32. */
  readonly data: Float64Array | Float32Array | Int32Array
}

export interface GoldenFile {
  readonly metadata: Readonly<Record<string, string>>
  /** @throws Error when the file has no array of that name */
  array(name: string): GoldenArray
  has(name: string): boolean
  readonly names: readonly string[]
}

interface Entry {
  readonly dtype: string
  readonly shape: readonly number[]
  readonly data_offsets: readonly [number, number]
}

const TYPES = { F64: Float64Array, F32: Float32Array, I32: Int32Array }

export const DATA = new URL('./data/', import.meta.url)

/** A golden file (safetensors) by its path in test/golden/data, with 64-bit values kept as they are. */
export function readGolden(path: string): GoldenFile {
  const { buffer, byteOffset, byteLength } = readFileSync(new URL(path, DATA))
  const bytes = buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer
  const start = 8 + Number(new DataView(bytes).getBigUint64(0, true))
  const { __metadata__: metadata, ...entries } = JSON.parse(
    new TextDecoder().decode(new Uint8Array(bytes, 8, start - 8)),
  ) as Record<string, Entry> & { __metadata__: Record<string, string> }
  return {
    metadata,
    has: (name) => name in entries,
    names: Object.keys(entries),
    array: (name) => {
      const entry = (entries as Record<string, Entry>)[name]
      if (!entry) throw new Error(`${path} has no array "${name}": run scripts/golden/make.py again`)
      const Type = TYPES[entry.dtype as keyof typeof TYPES]
      const [begin, end] = entry.data_offsets
      return { shape: entry.shape, data: new Type(bytes.slice(start + begin, start + end)) }
    },
  }
}
