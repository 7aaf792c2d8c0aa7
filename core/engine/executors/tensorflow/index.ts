import { type Compiled, compileInference, compileTraining } from '../../compile.ts'
import { EngineError } from '../../error.ts'
import type { Executor, InferenceSession } from '../../executor.ts'
import { weightFeeds } from '../../feeds.ts'
import { checkWeights } from '../diagnosis.ts'
import { floatsOf, loadProgram, tensorsOf } from './run.ts'
import type { Tf, TfTensor } from './tf.ts'
import { TensorflowTraining } from './training.ts'

export type { Tf } from './tf.ts'

/**
 * An executor that runs programs operation by operation on TensorFlow: through the native library on a GPU that CUDA
 * drives, or on the plain CPU backend as a check of the others. It takes none of TensorFlow.js' gradients but that of a
 * convolution's operand: some are missing, and some are wrong.
 *
 * @param load gives TensorFlow; it is called when a session is made.
 */
export function createTensorflowExecutor(load: () => Promise<Tf>, device = 'TensorFlow'): Executor {
  const ready = async () => {
    const tf = await load()
    await tf.ready()
    return tf
  }
  return {
    id: 'tensorflow',
    device,
    training: async (document, config) =>
      new TensorflowTraining(await ready(), document, compileTraining(document, config)),
    inference: async (document, batch) => inferenceSession(await ready(), compileInference(document, batch)),
  }
}

function inferenceSession(tf: Tf, compiled: Compiled): InferenceSession {
  const { layout, batch, classes, program } = compiled
  const loaded = loadProgram(tf, program)
  let held: Record<string, TfTensor> | null = null
  const drop = () => {
    for (const tensor of Object.values(held ?? {})) tensor.dispose()
    held = null
  }
  return {
    layout,
    batch,
    classes,
    async setWeights(values) {
      checkWeights(compiled, values)
      drop()
      held = tensorsOf(tf, program, weightFeeds(compiled, values))
    },
    async run(images) {
      if (!held) throw new EngineError('no-weights', 'Weights must be set before a network is run.')
      const given = tensorsOf(tf, program, { images })
      const { logits } = loaded.run({ ...given, ...held })
      given.images!.dispose()
      const values = await floatsOf(logits!)
      logits!.dispose()
      return values
    },
    async dispose() {
      drop()
      loaded.dispose()
    },
  }
}
