/**
 * What it takes to build, lower and load training steps, stage by stage:
 * `npm run bench:compile -- --networks preact-resnet-1001,densenet-264 --batch 2`; `--whole` cuts nothing.
 */
import { parseArgs } from 'node:util'
import * as ort from 'onnxruntime-node'
import { analyze } from '../core/analysis/analyze.ts'
import { compileTraining } from '../core/engine/compile.ts'
import { optimizerOf } from '../core/engine/executor.ts'
import { loadModel } from '../core/engine/executors/onnx-segments.ts'
import { OnnxTraining } from '../core/engine/executors/onnx-training.ts'
import { initialWeights } from '../core/engine/layout.ts'
import { lower, standardProfile } from '../core/engine/lowering/lower.ts'
import { sizeOf } from '../core/engine/ops/primitive.ts'
import { presetOf } from '../presets/index.ts'

const { values: options } = parseArgs({
  options: {
    networks: { type: 'string', default: 'preact-resnet-1001,densenet-264' },
    batch: { type: 'string', default: '2' },
    threads: { type: 'string', default: '2' },
    steps: { type: 'string', default: '2' },
    whole: { type: 'boolean', default: false },
  },
})
const batch = Number(options.batch)

for (const id of options.networks.split(',')) await measure(id)

async function measure(id: string): Promise<void> {
  const times: string[] = []
  let total = 0
  const timed = async <T>(stage: string, work: () => T | Promise<T>): Promise<T> => {
    const begin = process.cpuUsage()
    const result = await work()
    const { user, system } = process.cpuUsage(begin)
    const seconds = (user + system) / 1e6
    total += seconds
    times.push(`${stage} ${seconds.toFixed(2)}`)
    return result
  }
  const preset = presetOf(id)
  if (!preset) throw new Error(`There is no preset ${id}.`)
  const document = await timed('build', () => preset.build())
  await timed('analyze', () => analyze(document))
  const optimizer = optimizerOf({ optimizer: 'sgd', momentum: 0.9, weightDecay: 1e-4 })
  const compiled = await timed('compile', () => compileTraining(document, { batch, optimizer }))
  const model = await timed('lower', () => lower(compiled.program, { profile: standardProfile }))
  let [sessions, bytes] = [0, 0]
  const session = await timed('sessions', () =>
    loadModel(
      counting((model) => {
        sessions++
        bytes += model.length
      }),
      model,
      {
        options: () => ({
          executionProviders: ['cpu'],
          executionMode: 'sequential',
          graphOptimizationLevel: 'disabled',
          enableCpuMemArena: true,
          enableMemPattern: true,
          intraOpNumThreads: Number(options.threads),
        }),
        ...(options.whole ? { sizes: { large: Number.POSITIVE_INFINITY, segment: 1 } } : {}),
      },
    ),
  )
  const ready = total
  const unused = () => Promise.reject(new Error('Nothing is diagnosed here.'))
  const training = new OnnxTraining(ort, session, unused, document, compiled)
  const weights = await timed('initialize', () => initialWeights(document, 1))
  await training.restore(weights, null)
  const images = Float32Array.from(
    { length: batch * sizeOf(compiled.inputShape) },
    () => Math.random() * 2 - 1,
  )
  const labels = Int32Array.from({ length: batch }, (_, i) => i)
  for (let step = 1; step <= Number(options.steps); step++) {
    await timed(`step ${step}`, () => training.step({ images, labels, count: batch }, 1e-3, 1))
  }
  const { operations } = compiled.program
  const nodes = model.graph.node
  console.log(
    `${id}, batch ${batch}: ${operations.length} operations, ${nodes.length} nodes, ` +
      `${sessions} sessions, ${(bytes / 2 ** 20).toFixed(1)} MiB, ready in ${ready.toFixed(2)} s (${times.join(', ')})`,
  )
  const kinds = new Map<string, number>()
  for (const { opType } of nodes) kinds.set(opType, (kinds.get(opType) ?? 0) + 1)
  const sorted = [...kinds].sort(([, a], [, b]) => b - a)
  console.log(`  ${sorted.map(([kind, count]) => `${kind} ${count}`).join(', ')}`)
  await training.dispose()
}

/** The runtime, telling of each model that a session is made of. */
function counting(tell: (model: Uint8Array) => void): typeof ort {
  const create = (model: Uint8Array, sessionOptions: ort.InferenceSession.SessionOptions) => {
    tell(model)
    return ort.InferenceSession.create(model, sessionOptions)
  }
  return { ...ort, InferenceSession: { create } } as unknown as typeof ort
}
