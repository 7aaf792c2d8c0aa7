import type { NetworkDocument } from '../../network/schema.ts'
import { text } from '../../network/text.ts'
import type { Analysis } from '../report.ts'
import type { Lesson } from './net.ts'

/**
 * What batch normalization makes of batches of one sample: mean and spread come from that sample alone, and of a vector
 * nothing is left but the offset.
 * @param batch samples in a batch, as the recipe or the training dialog has it
 */
export function batchOfOne(
  { layers, order }: Pick<Analysis, 'layers' | 'order'>,
  batch: number | undefined,
): Lesson[] {
  if (batch !== 1) return []
  const norms = order.filter((id) => layers.get(id)!.kind === 'batchnorm')
  const places = (id: string) => (layers.get(id)!.outputShape ?? []).slice(1).reduce((a, b) => a * b, 1)
  // the worst first: where the sample has one value a channel
  const [worst] = norms.toSorted((a, b) => places(a) - places(b))
  if (worst === undefined) return []
  const { name } = layers.get(worst)!
  const single = places(worst) === 1
  return [
    {
      severity: 'warning',
      code: 'batchnorm-of-one',
      layer: worst,
      message: single
        ? text(
            `In batches of 1, ${name} normalizes one value a channel by itself: its output is the offset alone, whatever the image.`,
            `배치가 1이면 ${name}은(는) 채널마다 값 하나를 그 값 자신으로 정규화하므로, 어떤 이미지든 출력이 오프셋뿐입니다.`,
          )
        : text(
            `In batches of 1, ${name} normalizes every image by itself; evaluation uses running averages instead, and the two do not agree.`,
            `배치가 1이면 ${name}은(는) 이미지마다 따로 정규화합니다. 평가에서는 이동 평균을 쓰므로 학습과 결과가 어긋납니다.`,
          ),
      fix: text(
        'Train in batches of 16 or more, or use group normalization, which does not look at the batch.',
        '배치를 16 이상으로 하거나, 배치와 상관없는 그룹 정규화를 써 주세요.',
      ),
      source: {
        citation: 'Wu and He, Group normalization, 2018',
        url: 'https://arxiv.org/abs/1803.08494',
      },
      remedy: { label: text('Train in batches of 32', '배치 32로 학습'), batch: 32 },
    },
  ]
}

/** The batch that a network's own recipe has. */
export const batchOf = ({ recipe }: NetworkDocument): number | undefined => recipe?.batch
