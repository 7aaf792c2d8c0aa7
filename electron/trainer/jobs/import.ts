import { readFileSync } from 'node:fs'
import { dirname, isAbsolute, join, normalize } from 'node:path'
import { FormatError } from '../../../core/formats/error.ts'
import { ImportError, type Imported, importNetwork } from '../../../core/interchange/import/index.ts'
import { text } from '../../../core/network/text.ts'

/**
 * Reads a network of another program from a file, and what stands beside it.
 * @param called what messages call the file; its path where absent
 * @throws ImportError and FormatError, which name the file
 */
export function importFile(file: string, called = file): Promise<Imported> {
  let bytes: Uint8Array
  try {
    bytes = readFileSync(file)
  } catch (error) {
    throw new FormatError(`can't read ${called} (${(error as NodeJS.ErrnoException).code}): check the path`)
  }
  return importNetwork({ name: called, bytes }, (path) => readBeside(file, called, path))
}

/** A file of the same folder or below it: a stranger's file must not name others. */
function readBeside(file: string, called: string, path: string): Uint8Array {
  const inside = normalize(path)
  if (isAbsolute(inside) || inside.startsWith('..') || inside.includes('\0')) throw outside(called, path)
  try {
    return readFileSync(join(dirname(file), inside))
  } catch {
    throw new ImportError(
      'missing-file',
      text(
        `${called} keeps its weights in ${path}, which can't be read: put it into the same folder.`,
        `${called}의 가중치가 ${path}에 있는데 읽을 수 없습니다. 같은 폴더에 두어 주세요.`,
      ),
    )
  }
}

const outside = (file: string, path: string): ImportError =>
  new ImportError(
    'missing-file',
    text(
      `${file} asks for ${JSON.stringify(path.slice(0, 100))}, which is not in its folder: put its weights beside it.`,
      `${file}이(가) 폴더 밖의 ${JSON.stringify(path.slice(0, 100))}을(를) 가리킵니다. 가중치를 같은 폴더에 두어 주세요.`,
    ),
  )
