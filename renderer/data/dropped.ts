import type { SourceKind } from '../training/draft.ts'

/** A file or a folder that was dropped into the window. */
export interface Dropped {
  readonly name: string
  readonly folder: boolean
  /** Names of what stands in a folder, or of some of it. */
  readonly inside: readonly string[]
}

/** How something dropped is used as data. */
export interface Use {
  readonly source: SourceKind
  /** Not the file itself is named, but the folder that it lies in. */
  readonly parent: boolean
}

const IDX = /^(train|t10k)-(images|labels)[-.]idx\d-ubyte(\.gz)?$/i
const CIFAR = /^(data_batch_\d|test_batch)\.bin$/i
const FILES: readonly (readonly [RegExp, SourceKind])[] = [
  [/\.(csv|tsv)(\.gz)?$/i, 'csv'],
  [/\.npz$/i, 'npz'],
  [/\.(zip|tar|tar\.gz|tgz)$/i, 'folder'],
]

/**
 * What something dropped is, by its name and those inside.
 * @param path where it lies, if that is known: Fashion-MNIST's files are called as MNIST's, and differ by their folder.
 * @returns null for what holds no data that is read
 */
export function usableAs({ name, folder, inside }: Dropped, path: string = name): Use | null {
  const idx = /fashion/i.test(path) ? 'fashion-mnist' : 'mnist'
  if (folder) {
    const source = inside.some((one) => IDX.test(one))
      ? idx
      : inside.some((one) => CIFAR.test(one))
        ? 'cifar10'
        : 'folder'
    return { source, parent: false }
  }
  if (IDX.test(name)) return { source: idx, parent: true }
  if (CIFAR.test(name)) return { source: 'cifar10', parent: true }
  const source = FILES.find(([ending]) => ending.test(name))?.[1]
  return source ? { source, parent: false } : null
}

/** The folder that a file lies in, in the system's own writing. */
export const folderOf = (path: string): string => path.replace(/[\\/][^\\/]*$/, '')

/** Networks open in the editor, wherever they are dropped. */
export const isNetwork = (name: string): boolean => /\.(layerloom|json)$/i.test(name)

/** What the event of a drop carries: taken at once, since it is empty afterwards. */
export function takeDropped(transfer: DataTransfer): { file: File; entry: FileSystemEntry | null }[] {
  return [...transfer.items].flatMap((item) => {
    const file = item.kind === 'file' ? item.getAsFile() : null
    return file ? [{ file, entry: item.webkitGetAsEntry() }] : []
  })
}

/** A file or a folder with some names inside. */
export async function lookAtDropped(file: File, entry: FileSystemEntry | null): Promise<Dropped> {
  if (!entry?.isDirectory) return { name: file.name, folder: false, inside: [] }
  const reader = (entry as FileSystemDirectoryEntry).createReader()
  const entries = await new Promise<FileSystemEntry[]>((resolve) => {
    // one that can't be listed is told of when it is read
    reader.readEntries(resolve, () => resolve([]))
  })
  return { name: file.name, folder: true, inside: entries.map(({ name }) => name) }
}
