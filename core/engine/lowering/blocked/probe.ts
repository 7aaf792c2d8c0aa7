import { encodeModel } from '../../../formats/onnx/proto.ts'
import type { Ort } from '../../executors/ort.ts'
import { OnnxGraph } from '../graph.ts'
import { modelOf } from '../lower.ts'

/** Lanes of a block as the answer tells them: the place of channel 8 of column 0 in the result. */
const LANES = new Map([
  [16, 16],
  [1, 8],
])

/**
 * Lanes of the blocks that ONNX Runtime's blocked kernels work on here: 16 with AVX-512, 8 with AVX2 or SSE; null
 * where it has no such kernels.
 */
export async function probeBlock(ort: Ort): Promise<number | null> {
  const g = new OnnxGraph()
  g.publish(g.op('ReorderInput', ['x'], {}, 'com.microsoft.nchwc'), 'y')
  const model = encodeModel(modelOf(g, [['x', [1, 16, 1, 2]]], [['y', [1, 16, 1, 2]]]))
  try {
    const session = await ort.InferenceSession.create(model, { logSeverityLevel: 4, intraOpNumThreads: 1 })
    const counting = Float32Array.from({ length: 32 }, (_, i) => i)
    const { y } = await session.run({ x: new ort.Tensor('float32', counting, [1, 16, 1, 2]) })
    await session.release()
    const order = y!.data as Float32Array
    // with 16 lanes channels of a column lie together: 0, 2, 4...; with 8 the second column follows after 8 of them
    return LANES.get(order[8]!) ?? null
  } catch {
    return null
  }
}
