import type { ModelProto } from '../../formats/onnx/proto.ts'
import { OnnxGraph } from '../lowering/graph.ts'
import { modelOf } from '../lowering/lower.ts'
import { loadModel, type SegmentSizes } from './onnx-segments.ts'
import { floatsOf } from './onnx-tensors.ts'
import type { Ort, OrtTensor, Runner } from './ort.ts'

/**
 * Loads a model whose every operator runs on the device. Rejects where there is no adapter, or an operator that the
 * provider lacks.
 * @param resident outputs that stay on the device; all others come to the CPU
 * @param sizes how large models are cut
 */
export function createWebgpuSession(
  ort: Ort,
  model: ModelProto,
  resident: readonly string[] = [],
  sizes?: SegmentSizes,
): Promise<Runner> {
  return loadModel(ort, model, {
    resident,
    ...(sizes ? { sizes } : {}),
    device: true,
    options: (staying, outputs) => ({
      executionProviders: ['webgpu'],
      executionMode: 'sequential',
      graphOptimizationLevel: 'disabled',
      logSeverityLevel: 4,
      preferredOutputLocation: Object.fromEntries(
        outputs.map((name) => [name, staying.includes(name) ? 'gpu-buffer' : 'cpu']),
      ),
      extra: { session: { disable_cpu_ep_fallback: '1' } },
    }),
  })
}

/** What an error of the runtime says, without the place in its source that it comes from. */
export function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  const [line] = message.split('\n')
  return line!.replace(/^.* was false\. /, '').replace(/\.$/, '')
}

/** Moves vectors between the CPU and the device. A device tensor's own `getData` ends a Node process, so models do it. */
export class DeviceMemory {
  readonly #ort: Ort
  readonly #up: Runner
  readonly #down: Runner

  private constructor(ort: Ort, up: Runner, down: Runner) {
    this.#ort = ort
    this.#up = up
    this.#down = down
  }

  static async open(ort: Ort): Promise<DeviceMemory> {
    const g = new OnnxGraph()
    g.publish('x', 'y')
    const copy = modelOf(g, [['x', [-1]]], [['y', [-1]]])
    return new DeviceMemory(
      ort,
      await createWebgpuSession(ort, copy, ['y']),
      await createWebgpuSession(ort, copy),
    )
  }

  /** A tensor on the device; who asked for it disposes it. */
  async upload(values: Float32Array): Promise<OrtTensor> {
    const { y } = await this.#up.run({ x: new this.#ort.Tensor('float32', values, [values.length]) })
    return y!
  }

  async download(tensor: OrtTensor): Promise<Float32Array> {
    const { y } = await this.#down.run({ x: tensor })
    return floatsOf(y!)
  }

  async release(): Promise<void> {
    await this.#up.release()
    await this.#down.release()
  }
}

/** Whether a device can be had now. */
export async function findsGpu(ort: Ort): Promise<boolean> {
  try {
    await (await DeviceMemory.open(ort)).release()
    return true
  } catch {
    return false
  }
}
