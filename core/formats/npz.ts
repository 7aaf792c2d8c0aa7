import { text } from '../network/text.ts'
import { FormatError } from './error.ts'
import { type NpyArray, type NpyValues, readNpyArray, writeNpy } from './npy.ts'
import { readZip } from './zip.ts'
import { writeZip } from './zip-writer.ts'

/** The arrays of an archive, each read when asked for. */
export interface Npz {
  readonly names: readonly string[]
  /** Throws a FormatError that names the archive and the array. */
  read(name: string): NpyValues
}

/**
 * Opens NumPy's .npz format (`numpy.savez`, `numpy.savez_compressed`): a ZIP archive of .npy files.
 *
 * @param file what messages call it.
 * @throws FormatError
 */
export function readNpz(bytes: Uint8Array, file: string): Npz {
  const arrays = new Map(
    readZip(bytes, file)
      .filter(({ path }) => path.endsWith('.npy'))
      .map((entry) => [entry.path.slice(0, -4), entry]),
  )
  if (arrays.size === 0) {
    throw new FormatError(
      text(
        `${file}: holds no .npy arrays: write it with numpy.savez`,
        `${file}: .npy 배열이 없습니다. numpy.savez로 저장해 주세요.`,
      ),
    )
  }
  return {
    names: [...arrays.keys()],
    read(name) {
      const entry = arrays.get(name)
      if (!entry) {
        throw new FormatError(`${file}: has no array "${name}": it holds ${[...arrays.keys()].join(', ')}`)
      }
      return readNpyArray(entry.read(), `${file}: array ${name}`)
    },
  }
}

/** Writes float32 arrays as `numpy.savez` does: not compressed. Names may hold dots, as weights' names do. */
export function writeNpz(arrays: Readonly<Record<string, NpyArray>>): Uint8Array {
  return writeZip(
    Object.entries(arrays).map(([name, array]) => ({ path: `${name}.npy`, bytes: writeNpy(array) })),
  )
}
