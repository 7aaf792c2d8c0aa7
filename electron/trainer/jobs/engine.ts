import { cpus } from 'node:os'
import type { Executor } from '../../../core/engine/executor.ts'
import { createOnnxExecutor } from '../../../core/engine/executors/onnx.ts'
import type { Ort } from '../../../core/engine/executors/ort.ts'
import { TrainingError } from '../../../core/training/error.ts'

/** What the processor calls itself, e.g. `AMD EPYC 9B14`, with its cores. */
export function cpuName(): string {
  const cores = cpus()
  return `${cores[0]?.model.trim() || 'CPU'} (${cores.length} ${cores.length === 1 ? 'core' : 'cores'})`
}

/** The native runtime; loaded on the first call, so that what computes nothing works without it. */
export async function loadRuntime(): Promise<Ort> {
  return (await import('onnxruntime-node')).default
}

/**
 * How training steps are lowered: `LAYERLOOM_PROFILE=blocked` takes the kernels over blocks of channels where the machine
 * has them and a checked step agrees with the standard operators.
 */
export const cpuProfile = (): 'blocked' | 'standard' =>
  process.env.LAYERLOOM_PROFILE === 'blocked' ? 'blocked' : 'standard'

/**
 * The engine that a run asks for; `auto` takes the fastest that is checked. Throws a TrainingError (`bad-config`) for an id that is not one.
 */
export async function openEngine(id: string): Promise<Executor> {
  if (id !== 'auto' && id !== 'cpu') {
    throw new TrainingError('bad-config', `there is no engine "${id}": give auto or cpu`)
  }
  return createOnnxExecutor(await loadRuntime(), { device: cpuName(), profile: cpuProfile() })
}
