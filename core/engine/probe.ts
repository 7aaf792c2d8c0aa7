import type { NetworkDocument } from '../network/schema.ts'
import { type Text, text } from '../network/text.ts'
import { compileTraining } from './compile.ts'
import type { Batch, Executor, StepConfig } from './executor.ts'
import { interpret } from './executors/reference.ts'
import { stepFeeds, weightFeeds } from './feeds.ts'
import { initialWeights, layoutOf } from './layout.ts'
import { readNetwork } from './network.ts'
import { sizeOf } from './ops/primitive.ts'
import { generator } from './random.ts'

const OPTIMIZER = { type: 'sgd', momentum: 0.9, weightDecay: 0 } as const
const VERIFY: StepConfig = { batch: 4, optimizer: OPTIMIZER }
const TIME: StepConfig = { batch: 64, optimizer: OPTIMIZER }
const LEARNING_RATE = 0.01
/** Most steps before the clock starts, and how long it runs; neither goes on for long. */
const WARM_UP = 5
const TIMED_MS = 1000
/** Largest difference from the reference: of the loss, and of weights relative to their largest change. */
const TOLERANCE = 1e-3

/** Compares one training step with the 64-bit reference; gives what differs, or null. */
export async function verify(executor: Executor, network: NetworkDocument): Promise<Text | null> {
  const compiled = compileTraining(network, VERIFY)
  const weights = initialWeights(network, 1)
  const batch = randomBatch(network, VERIFY.batch)
  const zeros = compiled.optimizer.state.map((name) => [
    `state.${name}`,
    new Float32Array(compiled.layout.trainable),
  ])
  const expected = interpret(compiled.program, {
    ...weightFeeds(compiled, weights),
    ...stepFeeds(compiled, batch, LEARNING_RATE, { step: 0, seed: 1 }),
    ...Object.fromEntries(zeros),
  })
  const session = await executor.training(network, VERIFY)
  try {
    await session.restore(weights, null)
    const { loss } = await session.step(batch, LEARNING_RATE, 1)
    const wanted = expected.loss!.data[0]!
    if (!(Math.abs(loss - wanted) <= TOLERANCE * Math.max(1, Math.abs(wanted)))) {
      return text(
        `its loss on a probe step is ${loss}, not ${wanted}`,
        `확인 스텝의 손실이 ${wanted}이(가) 아니라 ${loss}입니다`,
      )
    }
    const next = expected['next.weights']!.data
    const got = await session.weights()
    const error = largest(next, (w, i) => w - got[i]!)
    const change = largest(next, (w, i) => w - weights[i]!)
    if (error <= TOLERANCE * change) return null
    return text(
      `its weights after a probe step differ by ${error}`,
      `확인 스텝 뒤의 가중치가 기준과 ${error}만큼 다릅니다`,
    )
  } finally {
    await session.dispose()
  }
}

function largest(values: Float64Array, of: (value: number, i: number) => number): number {
  let most = 0
  for (const [i, value] of values.entries()) {
    const size = Math.abs(of(value, i))
    // NaN must not pass
    if (!(size <= most)) most = size
  }
  return most
}

/** Images a second of whole training steps, and how they were lowered. */
export async function time(executor: Executor, network: NetworkDocument) {
  const session = await executor.training(network, TIME)
  try {
    await session.restore(initialWeights(network, 1), null)
    const batch = randomBatch(network, TIME.batch)
    const warm = Date.now()
    for (let i = 0; i < WARM_UP && Date.now() - warm < TIMED_MS; i++) await session.step(batch, 0, 1)
    const begin = Date.now()
    let steps = 0
    while (Date.now() - begin < TIMED_MS) {
      await session.step(batch, 0, 1)
      steps++
    }
    const imagesPerSecond = (steps * TIME.batch * 1000) / (Date.now() - begin)
    return { imagesPerSecond, profile: session.profile }
  } finally {
    await session.dispose()
  }
}

/** Noise with arbitrary labels. */
function randomBatch(document: NetworkDocument, count: number): Batch {
  const { inputShape, classes } = readNetwork(document)
  const next = generator([layoutOf(document).size, count])
  return {
    images: Float32Array.from({ length: count * sizeOf(inputShape) }, () => next() / 2 ** 32 - 0.5),
    labels: Int32Array.from({ length: count }, () => next() % classes),
    count,
  }
}
