import type { NetworkDocument } from '../../../network/schema.ts'
import type { TrainingProgram } from '../../compile.ts'
import type { Batch, OptimizerState, ParameterLayout, StepResult, TrainingSession } from '../../executor.ts'
import { countCorrect, type Feeds, gradientOf, probed, probeFeeds, stepFeeds } from '../../feeds.ts'
import { checkRestored, traceNonFinite } from '../diagnosis.ts'
import { floatsOf, loadProgram, type TensorflowProgram, tensorsOf } from './run.ts'
import type { Tf, TfTensor } from './tf.ts'

type Tensors = Record<string, TfTensor>

/**
 * A training step that TensorFlow runs, with weights and state on its device between the steps. A step whose loss is not
 * finite is not taken over: the weights stay as they were.
 */
export class TensorflowTraining implements TrainingSession {
  readonly layout: ParameterLayout
  readonly batch: number
  readonly classes: number
  readonly #tf: Tf
  readonly #document: NetworkDocument
  readonly #compiled: TrainingProgram
  readonly #step: TensorflowProgram
  /** `weights`, `fixed` where there are weights that are not trained, and the optimizer's state by input name. */
  #held: Tensors
  #steps = 0
  #seed = 0

  /** Weights are 0 until `restore`. */
  constructor(tf: Tf, document: NetworkDocument, compiled: TrainingProgram) {
    this.#tf = tf
    this.#document = document
    this.#compiled = compiled
    this.#step = loadProgram(tf, compiled.program)
    this.layout = compiled.layout
    this.batch = compiled.batch
    this.classes = compiled.classes
    this.#held = this.#upload(new Float32Array(compiled.layout.size), null)
  }

  #upload(weights: Float32Array, state: OptimizerState | null): Tensors {
    const { size, trainable } = this.layout
    const slots = this.#compiled.optimizer.state.map((name) => [
      `state.${name}`,
      state?.slots[name] ?? new Float32Array(trainable),
    ])
    return tensorsOf(this.#tf, this.#compiled.program, {
      weights: weights.subarray(0, trainable),
      ...(size > trainable ? { fixed: weights.subarray(trainable) } : {}),
      ...Object.fromEntries(slots),
    })
  }

  async step(batch: Batch, learningRate: number, seed: number): Promise<StepResult> {
    this.#seed = seed
    const results = this.#run(stepFeeds(this.#compiled, batch, learningRate, { step: this.#steps, seed }))
    const [[loss = Number.NaN], logits] = [await floatsOf(results.loss!), await floatsOf(results.logits!)]
    if (Number.isFinite(loss)) {
      for (const name of Object.keys(this.#held)) this.#take(name, results)
      this.#steps++
    }
    drop(results)
    return { loss, correct: countCorrect(logits, batch, this.classes) }
  }

  #run(feeds: Feeds): Tensors {
    const given = tensorsOf(this.#tf, this.#compiled.program, feeds)
    const results = this.#step.run({ ...given, ...this.#held })
    drop(given)
    return results
  }

  async gradient(batch: Batch, seed: number): Promise<Float32Array> {
    const results = this.#run(probeFeeds(this.#compiled, batch, { step: this.#steps, seed }))
    // a copy, for what the device lends is not to be written into
    const next = (await floatsOf(results[`next.${probed(this.#compiled)}`]!)).slice()
    drop(results)
    return gradientOf(this.#compiled, next, () => floatsOf(this.#held.weights!))
  }

  /** Puts what a step made of an input in its place. */
  #take(input: string, results: Tensors): void {
    const output = `next.${input.replace(/^state\./, '')}`
    const next = results[output]
    if (!next) return
    this.#held[input]!.dispose()
    this.#held[input] = next
    delete results[output]
  }

  async weights(): Promise<Float32Array> {
    const all = new Float32Array(this.layout.size)
    all.set(await floatsOf(this.#held.weights!))
    if (this.#held.fixed) all.set(await floatsOf(this.#held.fixed), this.layout.trainable)
    return all
  }

  async state(): Promise<OptimizerState> {
    const slots: Record<string, Float32Array> = {}
    for (const name of this.#compiled.optimizer.state) {
      slots[name] = await floatsOf(this.#held[`state.${name}`]!)
    }
    return { step: this.#steps, slots }
  }

  async restore(weights: Float32Array, state: OptimizerState | null): Promise<void> {
    checkRestored(this.#compiled, weights, state)
    drop(this.#held)
    this.#held = this.#upload(weights, state)
    this.#steps = state?.step ?? 0
  }

  async findNonFinite(batch: Batch): Promise<string | null> {
    const suspect = {
      document: this.#document,
      trained: this.#compiled,
      batch,
      weights: await this.weights(),
      seed: this.#seed,
      step: this.#steps,
    }
    return traceNonFinite(suspect, async ({ program }, feeds) => {
      const loaded = loadProgram(this.#tf, program)
      const given = tensorsOf(this.#tf, program, feeds)
      const results = loaded.run(given)
      const signs = {
        outputs: await floatsOf(results.outputs!),
        gradients: await floatsOf(results.gradients!),
      }
      for (const tensors of [given, results]) drop(tensors)
      loaded.dispose()
      return signs
    })
  }

  async dispose(): Promise<void> {
    drop(this.#held)
    this.#held = {}
    this.#step.dispose()
  }
}

function drop(tensors: Tensors): void {
  for (const tensor of Object.values(tensors)) tensor.dispose()
}
