import type { NetworkDocument } from '../../network/schema.ts'
import type { StepProfile } from '../../protocol/step-profile.ts'
import type { TrainingProgram } from '../compile.ts'
import type { Batch, OptimizerState, ParameterLayout, StepResult, TrainingSession } from '../executor.ts'
import {
  countCorrect,
  type Feeds,
  gradientOf,
  inputOf,
  probed,
  probeFeeds,
  stepFeeds,
  weightFeeds,
} from '../feeds.ts'
import { plainStorage, type Storage } from '../lowering/storage.ts'
import { checkRestored, findNonFinite, type LoadProgram } from './diagnosis.ts'
import { floatsOf, outputTensor, tensorsOf } from './onnx-tensors.ts'
import type { Ort, OrtTensor, Runner, Tensors } from './ort.ts'

/**
 * A training step as an ONNX model. Weights and state lie in two sets of tensors that are input and output by turns,
 * so that a step copies nothing. A step whose loss is not finite is not taken over: the weights stay as they were.
 */
export class OnnxTraining implements TrainingSession {
  readonly layout: ParameterLayout
  readonly batch: number
  readonly classes: number
  /** See `TrainingSession`. */
  profile: StepProfile | null = null
  readonly #ort: Ort
  readonly #session: Runner
  readonly #load: LoadProgram
  readonly #document: NetworkDocument
  readonly #compiled: TrainingProgram
  /** What a step changes: `weights`, `fixed` where layers assign to it, and the optimizer's state slots. */
  readonly #names: readonly string[]
  readonly #storage: Storage
  readonly #giveBack: () => Promise<void>
  readonly #loss: OrtTensor
  readonly #logits: OrtTensor
  #current: Tensors
  #next: Tensors
  #fixed: Tensors
  #step = 0
  #seed = 0

  constructor(
    ort: Ort,
    session: Runner,
    load: LoadProgram,
    document: NetworkDocument,
    compiled: TrainingProgram,
    storage: Storage = plainStorage(compiled.layout.trainable),
    giveBack = () => session.release(),
  ) {
    this.#ort = ort
    this.#session = session
    this.#load = load
    this.#document = document
    this.#compiled = compiled
    this.#storage = storage
    this.#giveBack = giveBack
    this.layout = compiled.layout
    this.batch = compiled.batch
    this.classes = compiled.classes
    const assigned = compiled.program.outputs.has('next.fixed') ? ['fixed'] : []
    this.#names = ['weights', ...assigned, ...compiled.optimizer.state]
    this.#loss = outputTensor(ort, compiled.program, 'loss')
    this.#logits = outputTensor(ort, compiled.program, 'logits')
    this.#current = this.#room()
    this.#next = this.#room()
    this.#fixed = this.#fixedTensors(new Float32Array(compiled.layout.size))
  }

  #room(): Tensors {
    const { program } = this.#compiled
    const stored = () => {
      const { size } = this.#storage
      return new this.#ort.Tensor('float32', new Float32Array(size), [size])
    }
    return Object.fromEntries(
      this.#names.map((name) => [
        name,
        name === 'fixed' ? outputTensor(this.#ort, program, 'next.fixed') : stored(),
      ]),
    )
  }

  /** What no step changes. */
  #fixedTensors(weights: Float32Array): Tensors {
    if (this.#names.includes('fixed')) return {}
    const { fixed } = weightFeeds(this.#compiled, weights)
    return fixed ? tensorsOf(this.#ort, this.#compiled.program, { fixed }) : {}
  }

  async step(batch: Batch, learningRate: number, seed: number): Promise<StepResult> {
    this.#seed = seed
    await this.#run(stepFeeds(this.#compiled, batch, learningRate, { step: this.#step, seed }))
    const loss = floatsOf(this.#loss)[0]!
    if (Number.isFinite(loss)) {
      const previous = this.#current
      this.#current = this.#next
      this.#next = previous
      this.#step++
    }
    return { loss, correct: countCorrect(floatsOf(this.#logits), batch, this.classes) }
  }

  /** A step from the current weights and state into the room for the next ones. */
  async #run(given: Feeds): Promise<void> {
    const { program } = this.#compiled
    const feeds = {
      ...tensorsOf(this.#ort, program, given),
      ...Object.fromEntries(this.#names.map((name) => [inputOf(name), this.#current[name]!])),
      ...this.#fixed,
    }
    const fetches = {
      loss: this.#loss,
      logits: this.#logits,
      ...Object.fromEntries(this.#names.map((name) => [`next.${name}`, this.#next[name]!])),
    }
    await this.#session.run(feeds, fetches)
  }

  async gradient(batch: Batch, seed: number): Promise<Float32Array> {
    await this.#run(probeFeeds(this.#compiled, batch, { step: this.#step, seed }))
    const next = this.#storage.unpack(floatsOf(this.#next[probed(this.#compiled)]!))
    return gradientOf(this.#compiled, next, () => this.weights())
  }

  async weights(): Promise<Float32Array> {
    const all = new Float32Array(this.layout.size)
    all.set(this.#storage.unpack(floatsOf(this.#current.weights!)))
    const fixed = this.#current.fixed ?? this.#fixed.fixed
    if (fixed) all.set(floatsOf(fixed), this.layout.trainable)
    return all
  }

  async state(): Promise<OptimizerState> {
    const slots = this.#compiled.optimizer.state.map((name) => [
      name,
      this.#storage.unpack(floatsOf(this.#current[name]!)),
    ])
    return { step: this.#step, slots: Object.fromEntries(slots) }
  }

  async restore(weights: Float32Array, state: OptimizerState | null): Promise<void> {
    checkRestored(this.#compiled, weights, state)
    const { trainable } = this.layout
    const slots = this.#compiled.optimizer.state.map((name) => [name, state?.slots[name]] as const)
    floatsOf(this.#current.weights!).set(this.#storage.pack(weights.subarray(0, trainable)))
    if (this.#current.fixed) floatsOf(this.#current.fixed).set(weights.subarray(trainable))
    else this.#fixed = this.#fixedTensors(weights.slice())
    for (const [name, values] of slots) {
      const slot = floatsOf(this.#current[name]!)
      if (values) slot.set(this.#storage.pack(values))
      else slot.fill(0)
    }
    this.#step = state?.step ?? 0
  }

  async findNonFinite(batch: Batch): Promise<string | null> {
    return findNonFinite(this.#ort, this.#load, {
      document: this.#document,
      trained: this.#compiled,
      batch,
      weights: await this.weights(),
      seed: this.#seed,
      step: this.#step,
    })
  }

  /** Sets `profile`; gives the session itself. */
  describe(profile: StepProfile | null): this {
    this.profile = profile
    return this
  }

  /** Whether what the storage fills weights and state up with is still 0. */
  isClean(): boolean {
    return ['weights', ...this.#compiled.optimizer.state].every((name) =>
      this.#storage.isClean(floatsOf(this.#current[name]!)),
    )
  }

  async dispose(): Promise<void> {
    await this.#giveBack()
  }
}
