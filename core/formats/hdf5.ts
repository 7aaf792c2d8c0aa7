import type { Dataset, Group } from 'h5wasm'
import { FormatError } from './error.ts'

/** An array of an HDF5 file. */
export interface Hdf5Array {
  /** Groups and name, with `/` between them and none at the beginning. */
  readonly path: string
  readonly shape: readonly number[]
  readonly data: Float32Array | Uint32Array
}

/** What an HDF5 file holds, as far as networks are kept in such files. */
export interface Hdf5Content {
  /** Arrays of numbers, in the order of their names; integers and other floats come as float32. */
  readonly arrays: readonly Hdf5Array[]
  /** Attributes that are texts or lists of texts, by the path of their group (`''` for the file itself). */
  readonly texts: ReadonlyMap<string, Readonly<Record<string, string | readonly string[]>>>
}

/** The HDF Group's library, compiled to WebAssembly: four megabytes, so it is fetched when it is needed. */
async function library() {
  const { ready, File, Group, Dataset } = await import('h5wasm')
  const module = await ready
  // otherwise it writes the library's own trace to the console
  module.activate_throwing_error_handler()
  return { FS: module.FS, File, Group, Dataset }
}

let count = 0

/**
 * Writes arrays of float32 or uint32 into an HDF5 file, each in the groups of its path; `groups` are made as well, also
 * where nothing is in them.
 */
export async function writeHdf5(
  arrays: readonly Hdf5Array[],
  groups: readonly string[] = [],
): Promise<Uint8Array> {
  const { FS, File } = await library()
  // a file of the library's own memory, not of the disk
  const name = `out${count++}.h5`
  const file = new File(name, 'w')
  try {
    const groupOf = (path: string): Group => {
      let group: Group = file
      for (const part of path.split('/').filter((one) => one !== '')) {
        group = (group.keys().includes(part) ? group.get(part) : group.create_group(part)) as Group
      }
      return group
    }
    for (const path of groups) groupOf(path)
    for (const { path, shape, data } of arrays) {
      const at = path.lastIndexOf('/')
      groupOf(path.slice(0, Math.max(at, 0))).create_dataset({
        name: path.slice(at + 1),
        data,
        shape: [...shape],
        dtype: data instanceof Float32Array ? '<f' : '<I',
      })
    }
    file.close()
    return FS.readFile(name)
  } finally {
    FS.unlink(name)
  }
}

/**
 * Reads an HDF5 file.
 * @param called what messages call it.
 * @throws FormatError for a file that is damaged
 */
export async function readHdf5(bytes: Uint8Array, called: string): Promise<Hdf5Content> {
  const { FS, File, Group, Dataset } = await library()
  const name = `in${count++}.h5`
  FS.writeFile(name, bytes)
  try {
    const file = new File(name, 'r')
    const arrays: Hdf5Array[] = []
    const texts = new Map<string, Record<string, string | readonly string[]>>()
    const walk = (group: Group, path: string) => {
      texts.set(path, textsOf(group))
      for (const key of group.keys()) {
        const inner = group.get(key)
        const full = path === '' ? key : `${path}/${key}`
        if (inner instanceof Group) walk(inner, full)
        else if (inner instanceof Dataset) arrays.push(...arrayOf(inner, full))
      }
    }
    walk(file, '')
    file.close()
    return { arrays, texts }
  } catch (error) {
    if (error instanceof FormatError) throw error
    throw new FormatError(`${called}: damaged HDF5 file: save it again`)
  } finally {
    FS.unlink(name)
  }
}

function textsOf(group: Group): Record<string, string | readonly string[]> {
  const texts: Record<string, string | readonly string[]> = {}
  for (const [name, attribute] of Object.entries(group.attrs)) {
    const { value } = attribute
    if (typeof value === 'string') texts[name] = value
    else if (Array.isArray(value) && value.every((one) => typeof one === 'string')) texts[name] = value
  }
  return texts
}

function arrayOf(dataset: Dataset, path: string): Hdf5Array[] {
  const { value, shape } = dataset
  if (!ArrayBuffer.isView(value) || value instanceof DataView || shape === null) return []
  const numbers = value as unknown as ArrayLike<number | bigint>
  const data = value instanceof Float32Array ? value.slice() : Float32Array.from(numbers, Number)
  return [{ path, shape, data }]
}
