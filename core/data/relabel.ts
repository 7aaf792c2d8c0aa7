import { text } from '../network/text.ts'
import { DataError, type Dataset } from './dataset.ts'

/**
 * The same samples with labels that count in `classes`, found by the classes' names: a set with fewer classes, or with
 * the same ones in another order, is judged by what its classes are called.
 *
 * @param classes of the network, in the order of its outputs.
 * @throws DataError for a class that is none of them.
 */
export function relabel(dataset: Dataset, classes: readonly string[]): Dataset {
  const labels = dataset.classes.map((name) => classes.indexOf(name))
  const unknown = dataset.classes.filter((_, label) => labels[label]! < 0)
  if (unknown.length > 0) {
    throw new DataError(
      text(
        `${dataset.source}: class "${unknown[0]}" is none that the network was trained on (${shortened(classes)}): rename it or use other data`,
        `${dataset.source}: 클래스 "${unknown[0]}"은(는) 네트워크가 학습한 클래스가 아닙니다. 클래스 이름을 바꾸거나 다른 데이터를 사용해 주세요.`,
      ),
    )
  }
  return { ...dataset, classes, labels: dataset.labels.map((label) => labels[label]!) }
}

const shortened = (names: readonly string[]): string =>
  names.length > 10 ? `${names.slice(0, 10).join(', ')} and ${names.length - 10} more` : names.join(', ')
