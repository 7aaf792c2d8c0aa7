import { isPickle, pickleAdvice } from '../../formats/pickle.ts'
import { text } from '../../network/text.ts'
import { type Beside, type ForeignFile, ImportError, type Imported, type Importer } from './importer.ts'
import { keras, kerasHdf5 } from './keras/keras-file.ts'
import { tfjs } from './keras/tfjs.ts'
import { onnx } from './onnx/index.ts'

export { type Beside, type ForeignFile, ImportError, type Imported, type Importer } from './importer.ts'

/** Every format that networks come in from other programs, in the order in which they are tried. */
export const importers: readonly Importer[] = [onnx, keras, kerasHdf5, tfjs]

/**
 * Reads a network of another program, whichever of the formats it is in.
 * @throws ImportError, FormatError; see `Importer.read`
 */
export async function importNetwork(file: ForeignFile, beside: Beside = nothingBeside): Promise<Imported> {
  const importer = importers.find((candidate) => candidate.detect(file))
  if (!importer) throw unknown(file)
  return importer.read(file, beside)
}

const nothingBeside: Beside = (path) => {
  throw new ImportError(
    'missing-file',
    text(
      `The network's weights are in ${path}, which was not given: put it beside the file.`,
      `네트워크의 가중치가 ${path}에 있는데 주어지지 않았습니다. 같은 폴더에 두어 주세요.`,
    ),
  )
}

function unknown({ name, bytes }: ForeignFile): ImportError {
  if (isPickle(bytes)) return new ImportError('unsupported', pickleAdvice(name))
  const en = importers.map(({ title }) => title.en).join(', ')
  const ko = importers.map(({ title }) => title.ko).join(', ')
  return new ImportError(
    'unknown-format',
    text(
      `${name} is of no format that is read: give one of ${en}.`,
      `${name}은(는) 읽을 수 있는 형식이 아닙니다. 다음 중 하나를 선택해 주세요: ${ko}.`,
    ),
  )
}
