import { cpus } from 'node:os'
import {
  checkEngine,
  ENGINE_IDS,
  type EngineId,
  type EngineOptions,
  fastestEngine,
  isEngineId,
  openExecutor,
} from '../../../core/engine/engines.ts'
import type { EngineInfo, Executor } from '../../../core/engine/executor.ts'
import type { Ort } from '../../../core/engine/executors/ort.ts'
import { findsGpu } from '../../../core/engine/executors/webgpu-session.ts'
import { text } from '../../../core/network/text.ts'
import { TrainingError } from '../../../core/training/error.ts'
import { lenet5Modern } from '../../../presets/lenet5-modern.ts'
import { version } from '../../host/version.ts'
import { checkedPrograms } from './checked-programs.ts'
import { readProbed } from './engine-cache.ts'
import { describeGpu } from './gpu.ts'
import { findTensorflow } from './tensorflow.ts'

/** What the processor calls itself, e.g. `AMD EPYC 9B14`, with its cores. */
function cpuName(): string {
  const cores = cpus()
  return `${cores[0]?.model.trim() || 'CPU'} (${cores.length} ${cores.length === 1 ? 'core' : 'cores'})`
}

/** The native runtime; loaded on the first call, so that what computes nothing works without it. */
export async function loadRuntime(): Promise<Ort> {
  return (await import('onnxruntime-node')).default
}

/**
 * How training steps are lowered: on x86-64 processors with the kernels over blocks of channels, where a checked step
 * agrees with the standard operators and blocks pay. `LAYERLOOM_PROFILE` chooses `standard` or `blocked` anywhere.
 */
export function cpuProfile(): 'blocked' | 'standard' {
  const wanted = process.env.LAYERLOOM_PROFILE
  if (wanted === 'blocked' || wanted === 'standard') return wanted
  return process.arch === 'x64' ? 'blocked' : 'standard'
}

/** What the engines of this machine are opened with. */
export function engineOptions(): EngineOptions {
  const [device, gpu] = [cpuName(), describeGpu()]
  return {
    device,
    profile: cpuProfile(),
    selective: process.env.LAYERLOOM_PROFILE !== 'blocked',
    gpu,
    tensorflow: findTensorflow({ cpu: device, gpu: gpu.software ? device : gpu.name }),
  }
}

/** What a probe of the engines holds good for. */
export function machineOf(ort: Ort): string {
  const { device, profile, gpu, tensorflow } = engineOptions()
  const found = tensorflow && 'load' in tensorflow ? [`TensorFlow on ${tensorflow.device}`] : []
  return [version, ort.env.versions.node, device, profile, gpu!.name, ...found].join('; ')
}

/** The same, with the programs that were checked here before. */
const runOptions = (ort: Ort): EngineOptions => ({
  ...engineOptions(),
  checks: checkedPrograms([version, ort.env.versions.node, cpuName()].join('; ')),
  now: () => performance.now(),
})

const opened = new Map<string, Executor>()

/** One of a kind for this process: it keeps what its last run was trained with, which another would keep beside it. */
function executorOf(ort: Ort, id: EngineId): Executor {
  const { LAYERLOOM_PROFILE, LAYERLOOM_HOME } = process.env
  const key = JSON.stringify([id, LAYERLOOM_PROFILE, LAYERLOOM_HOME])
  const executor = opened.get(key) ?? openExecutor(ort, id, runOptions(ort))
  opened.set(key, executor)
  return executor
}

/**
 * The engine that a run asks for; `auto` takes the fastest that was found right when the engines were last probed, and
 * the CPU before that. An engine that is named is checked by a training step if it has not been.
 * @throws TrainingError `bad-config` for an id that is not one, and for an engine that does not compute right here
 */
export async function openEngine(id: string): Promise<Executor> {
  if (id !== 'auto' && !isEngineId(id)) {
    throw new TrainingError(
      'bad-config',
      text(
        `there is no engine "${id}": give auto, ${ENGINE_IDS.join(', ')}`,
        `엔진 "${id}"은(는) 없습니다. auto, ${ENGINE_IDS.join(', ')} 중에서 선택해 주세요.`,
      ),
    )
  }
  const ort = await loadRuntime()
  const probed = readProbed(machineOf(ort)) ?? []
  if (id === 'auto') return openFastest(ort, probed)
  const executor = executorOf(ort, id)
  const verified = probed.some((info) => info.id === id && info.verified)
  if (id === 'cpu' || verified) return executor
  const reason = await checkEngine(executor, lenet5Modern.build())
  if (reason) {
    throw new TrainingError(
      'bad-config',
      text(
        `the engine ${id} can't be used: ${reason.en}`,
        `엔진 ${id}을(를) 사용할 수 없습니다: ${reason.ko}`,
      ),
    )
  }
  return executor
}

async function openFastest(ort: Ort, probed: readonly EngineInfo[]): Promise<Executor> {
  const id = fastestEngine(probed)
  // a device may be away or taken, which costs a moment to find out
  const there = id !== 'webgpu' || (await findsGpu(ort))
  return executorOf(ort, there ? id : 'cpu')
}
