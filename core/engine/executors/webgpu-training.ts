import type { NetworkDocument } from '../../network/schema.ts'
import type { TrainingProgram } from '../compile.ts'
import type { Batch, OptimizerState, ParameterLayout, StepResult, TrainingSession } from '../executor.ts'
import { countCorrect, type Feeds, gradientOf, inputOf, probed, probeFeeds, stepFeeds } from '../feeds.ts'
import { checkRestored, findNonFinite, type LoadProgram } from './diagnosis.ts'
import { floatsOf, tensorsOf } from './onnx-tensors.ts'
import type { Ort, OrtTensor, Runner } from './ort.ts'
import type { DeviceMemory } from './webgpu-session.ts'

/** What a training step on a device is made of. */
export interface WebgpuStep {
  readonly ort: Ort
  /** Its `next.*` outputs stay on the device. */
  readonly session: Runner
  readonly memory: DeviceMemory
  readonly load: LoadProgram
  readonly document: NetworkDocument
  readonly compiled: TrainingProgram
  /** Takes session and memory back when training has ended. */
  readonly giveBack: () => Promise<void>
}

/** Names of the outputs of a training program that are the next step's inputs. */
export const carriedOutputs = (compiled: TrainingProgram): string[] =>
  [...compiled.program.outputs.keys()].filter((name) => name.startsWith('next.'))

/**
 * A training step on a device where weights and optimizer state stay between the steps: a batch goes there, the loss and
 * the logits come back. A step whose loss is not finite is not taken over.
 */
export class WebgpuTraining implements TrainingSession {
  readonly layout: ParameterLayout
  readonly batch: number
  readonly classes: number
  readonly #of: WebgpuStep
  /** `weights`, `fixed` where there are weights that are not trained, and the optimizer's slots; on the device. */
  #held: Record<string, OrtTensor> = {}
  #step = 0
  #seed = 0

  /** Weights are undefined until `restore`. */
  constructor(of: WebgpuStep) {
    this.#of = of
    this.layout = of.compiled.layout
    this.batch = of.compiled.batch
    this.classes = of.compiled.classes
  }

  async step(batch: Batch, learningRate: number, seed: number): Promise<StepResult> {
    const { compiled } = this.#of
    this.#seed = seed
    const results = await this.#run(stepFeeds(compiled, batch, learningRate, { step: this.#step, seed }))
    const loss = floatsOf(results.loss!)[0]!
    const finite = Number.isFinite(loss)
    for (const output of carriedOutputs(compiled)) {
      const name = output.slice('next.'.length)
      const rejected = finite ? this.#held[name] : results[output]
      if (finite) this.#held[name] = results[output]!
      rejected?.dispose()
    }
    if (finite) this.#step++
    return { loss, correct: countCorrect(floatsOf(results.logits!), batch, this.classes) }
  }

  #run(given: Feeds): Promise<Record<string, OrtTensor>> {
    const { ort, session, compiled } = this.#of
    const held = Object.entries(this.#held).map(([name, tensor]) => [inputOf(name), tensor])
    return session.run({
      ...tensorsOf(ort, compiled.program, given),
      ...Object.fromEntries(held),
    })
  }

  async gradient(batch: Batch, seed: number): Promise<Float32Array> {
    const { compiled, memory } = this.#of
    const results = await this.#run(probeFeeds(compiled, batch, { step: this.#step, seed }))
    try {
      const next = await memory.download(results[`next.${probed(compiled)}`]!)
      return await gradientOf(compiled, next, () => this.#download('weights'))
    } finally {
      for (const output of carriedOutputs(compiled)) results[output]!.dispose()
    }
  }

  async weights(): Promise<Float32Array> {
    const all = new Float32Array(this.layout.size)
    all.set(await this.#download('weights'))
    if (this.#held.fixed) all.set(await this.#download('fixed'), this.layout.trainable)
    return all
  }

  async state(): Promise<OptimizerState> {
    const slots: Record<string, Float32Array> = {}
    for (const name of this.#of.compiled.optimizer.state) slots[name] = await this.#download(name)
    return { step: this.#step, slots }
  }

  #download(name: string): Promise<Float32Array> {
    return this.#of.memory.download(this.#held[name]!)
  }

  async restore(weights: Float32Array, state: OptimizerState | null): Promise<void> {
    const { compiled, memory } = this.#of
    const { size, trainable } = this.layout
    checkRestored(compiled, weights, state)
    const values: Record<string, Float32Array> = { weights: weights.slice(0, trainable) }
    if (size > trainable) values.fixed = weights.slice(trainable)
    for (const name of compiled.optimizer.state) {
      values[name] = state?.slots[name] ?? new Float32Array(trainable)
    }
    this.#drop()
    for (const [name, vector] of Object.entries(values)) this.#held[name] = await memory.upload(vector)
    this.#step = state?.step ?? 0
  }

  async findNonFinite(batch: Batch): Promise<string | null> {
    const { ort, load, document, compiled: trained } = this.#of
    const weights = await this.weights()
    return findNonFinite(ort, load, {
      document,
      trained,
      batch,
      weights,
      seed: this.#seed,
      step: this.#step,
    })
  }

  #drop(): void {
    for (const tensor of Object.values(this.#held)) tensor.dispose()
    this.#held = {}
  }

  async dispose(): Promise<void> {
    this.#drop()
    await this.#of.giveBack()
  }
}
