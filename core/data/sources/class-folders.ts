import { text } from '../../network/text.ts'
import { DataError, leftOut, type SkippedFile } from '../dataset.ts'
import { FORMATS, kindOfFile } from '../images/index.ts'

/** Which of the given files are images of which class. */
export interface ClassFolders {
  /** In the order of their folders' names, letter by letter, as PyTorch's ImageFolder has them. */
  readonly classes: readonly string[]
  /** Of the training part first, class by class; `file` is an index of the given paths. */
  readonly samples: readonly { readonly file: number; readonly label: number }[]
  /** Number of leading samples that train; null where there is one part only. */
  readonly trainCount: number | null
  readonly skipped: readonly SkippedFile[]
}

interface Folder {
  readonly folders: Map<string, Folder>
  readonly images: number[]
}

const TRAIN = ['train', 'training']
/** The first that is there is the part that validates. */
const HELD = ['val', 'valid', 'validation', 'test', 'testing']
/** What operating systems and tools leave in folders, beside names that begin with a dot. */
const LITTER = ['__MACOSX', '@eaDir']

const STRAY = text('it lies in no class folder', '클래스 폴더 밖에 있음')
const OUTSIDE = text('its path leads out of the archive', '압축 파일 밖을 가리키는 경로')
const FOREIGN = text(
  `its format is not read: convert it to ${FORMATS.en}`,
  `지원하지 않는 형식(${FORMATS.ko} 중 하나로 변환 필요)`,
)

/**
 * Finds classes and parts in the paths of a folder or an archive: a folder a class, with its images anywhere below, or
 * a folder `train` and one `val` or `test` of such folders. Folders that hold nothing but one other are passed through.
 *
 * @param root what messages call the folder.
 * @throws DataError where there are fewer than two classes, or classes that are not trained.
 */
export function classFolders(paths: readonly string[], root: string): ClassFolders {
  const skipped: SkippedFile[] = []
  const tree = partOf(plant(paths, skipped))
  const parts = partsOf(tree, root)
  const strays = new Set([...tree.images, ...parts.train.images, ...(parts.held?.images ?? [])])
  for (const file of strays) skipped.push(leftOut(paths[file]!, STRAY))
  const classes = [...parts.train.folders.keys()].sort()
  checkClasses(classes, paths, root)
  const samples = samplesOf(parts.train, classes)
  const trainCount = parts.held ? samples.length : null
  if (parts.held) {
    const unknown = [...parts.held.folders.keys()].find((name) => !classes.includes(name))
    if (unknown !== undefined) {
      throw new DataError(
        text(
          `${root}: class "${unknown}" has images to validate and none to train on: put some into the training folder`,
          `${root}: 클래스 "${unknown}"에는 검증 이미지만 있고 학습 이미지가 없습니다. 학습 폴더에도 이미지를 넣어 주세요.`,
        ),
      )
    }
    samples.push(...samplesOf(parts.held, classes))
  }
  return { classes, samples, trainCount, skipped }
}

const emptyFolder = (): Folder => ({ folders: new Map(), images: [] })

/** The tree of all images; what lies to be one and is not is told. */
function plant(paths: readonly string[], skipped: SkippedFile[]): Folder {
  const root = emptyFolder()
  paths.forEach((path, index) => {
    const parts = path.split('/').filter((part) => part !== '' && part !== '.')
    if (parts.some((part) => (part.startsWith('.') && part !== '..') || LITTER.includes(part))) return
    const kind = kindOfFile(parts.at(-1) ?? '')
    if (kind === 'other') return
    if (parts.includes('..')) {
      skipped.push(leftOut(path, OUTSIDE))
    } else if (kind === 'foreign') {
      skipped.push(leftOut(path, FOREIGN))
    } else {
      let folder = root
      for (const part of parts.slice(0, -1)) {
        // the same name may be written in two ways, letters whole or put together (macOS)
        const name = part.normalize('NFC')
        const next = folder.folders.get(name) ?? emptyFolder()
        folder.folders.set(name, next)
        folder = next
      }
      folder.images.push(index)
    }
  })
  return root
}

/** Goes down while there is one folder only and it holds folders again. */
function partOf(root: Folder): Folder {
  let folder = root
  while (folder.images.length === 0 && folder.folders.size === 1) {
    const [only] = folder.folders.values()
    if (only!.folders.size === 0) break
    folder = only!
  }
  return folder
}

function partsOf(tree: Folder, root: string): { train: Folder; held: Folder | null } {
  const find = (names: readonly string[]): Folder | null => {
    for (const name of names) {
      for (const [folderName, folder] of tree.folders) if (folderName.toLowerCase() === name) return folder
    }
    return null
  }
  const train = find(TRAIN)
  const held = find(HELD)
  // two classes may well be called "train" and "test" where they hold images themselves
  if (!train || !held || train.folders.size === 0 || held.folders.size === 0)
    return { train: tree, held: null }
  const others = [...tree.folders].filter(([name]) => ![...TRAIN, ...HELD].includes(name.toLowerCase()))
  if (others.length > 0) {
    throw new DataError(
      text(
        `${root}: holds "${others[0]![0]}" beside folders to train and to validate: move it away, or name the folder to use`,
        `${root}: 학습·검증 폴더 옆에 "${others[0]![0]}"이(가) 있습니다. 다른 곳으로 옮기거나 사용할 폴더를 지정해 주세요.`,
      ),
    )
  }
  return { train, held }
}

function checkClasses(classes: readonly string[], paths: readonly string[], root: string): void {
  if (classes.length > 1) return
  const expected = `expected a folder for each class with ${FORMATS.en} images`
  if (classes.length === 1) {
    throw new DataError(
      text(
        `${root}: only one class ("${classes[0]}"): ${expected}, two at least`,
        `${root}: 클래스가 하나("${classes[0]}")뿐입니다. 클래스마다 ${FORMATS.ko} 이미지 폴더가 있어야 하며, 클래스는 둘 이상이어야 합니다.`,
      ),
    )
  }
  throw new DataError(
    paths.length === 0
      ? text(
          `${root}: is empty: ${expected}`,
          `${root}: 비어 있습니다. 클래스마다 ${FORMATS.ko} 이미지 폴더가 있어야 합니다.`,
        )
      : text(
          `${root}: no class folders with images: ${expected}`,
          `${root}: 이미지가 든 클래스 폴더가 없습니다. 클래스마다 ${FORMATS.ko} 이미지 폴더가 있어야 합니다.`,
        ),
  )
}

function samplesOf(part: Folder, classes: readonly string[]): { file: number; label: number }[] {
  return classes.flatMap((name, label) => {
    const folder = part.folders.get(name)
    return folder ? imagesBelow(folder).map((file) => ({ file, label })) : []
  })
}

const imagesBelow = (folder: Folder): number[] => [
  ...folder.images,
  ...[...folder.folders.keys()].sort().flatMap((name) => imagesBelow(folder.folders.get(name)!)),
]
