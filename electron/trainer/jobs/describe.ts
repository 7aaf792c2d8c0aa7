import { availableParallelism } from 'node:os'
import type { DatasetSummary, InputTransform } from '../../../core/data/dataset.ts'
import { type ChannelSums, channelSums, describe } from '../../../core/data/describe.ts'
import type { DataReading } from '../../../core/protocol/contract.ts'
import { openDecoders } from '../feed/decoders.ts'
import { loadSource } from '../feed/index.ts'
import { feedWorkerPath } from '../feed/worker-path.ts'

/** Threads that decode images; they are started with the first ones. */
const MOST_THREADS = 6

/** Seed of generated sources that are only looked at: the one a run has unless told otherwise. */
const LOOK_SEED = 1

/** From one word of how far it is to the next, in ms. */
const PAUSE = 250

/**
 * Reads a data set and says what it holds. Images are looked at one by one and not kept.
 *
 * @param frame what the network takes, where it is for one: arrays are read as its kind of samples.
 * @param tell hears how far it is, a few times a second, where there are images to decode.
 * @throws DataError
 */
export async function describeSource(
  source: string,
  frame?: Pick<InputTransform, 'shape' | 'fit'>,
  tell: (reading: DataReading) => void = () => undefined,
): Promise<DatasetSummary> {
  const decoders = openDecoders(feedWorkerPath(), Math.min(MOST_THREADS, availableParallelism()))
  const { take, partial } = measuring()
  const say = nowAndThen(tell)
  try {
    const dataset = await loadSource(source, {
      ...{ seed: LOOK_SEED, frame, decode: decoders.decode, take },
      measured: (done, total) => say('sizes', (phase) => ({ source, phase, done, total })),
      progress: (done, total) => say('samples', (phase) => ({ source, phase, done, total, ...partial() })),
    })
    return describe(dataset, partial()?.partial)
  } finally {
    await decoders.close()
  }
}

/** Adds up images as they come. */
function measuring() {
  let shape: readonly number[] = []
  let sums: ChannelSums | null = null
  let count = 0
  return {
    take(image: Uint8Array, of: readonly number[]): void {
      shape = of
      sums ??= channelSums(shape[0]!)
      sums.add(image)
      count++
    },
    partial: () => sums && { partial: { count, shape: [...shape], ...sums.statistics() } },
  }
}

/** Lets the first word of each phase through, and then one a pause. */
function nowAndThen(tell: (reading: DataReading) => void) {
  let last = { phase: '', at: 0 }
  return (phase: DataReading['phase'], reading: (phase: DataReading['phase']) => DataReading): void => {
    if (phase === last.phase && performance.now() - last.at < PAUSE) return
    tell(reading(phase))
    last = { phase, at: performance.now() }
  }
}
