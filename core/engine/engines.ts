import type { NetworkDocument } from '../network/schema.ts'
import { type Text, text } from '../network/text.ts'
import { EngineError } from './error.ts'
import type { EngineInfo, Executor } from './executor.ts'
import { createOnnxExecutor, type OnnxOptions } from './executors/onnx.ts'
import type { Ort } from './executors/ort.ts'
import { createTensorflowExecutor, type Tf } from './executors/tensorflow/index.ts'
import { createWebgpuExecutor } from './executors/webgpu.ts'
import { reasonOf } from './executors/webgpu-session.ts'
import { time, verify } from './probe.ts'

/** What a machine's graphics device is. */
export interface GpuDescription {
  /** For people. */
  readonly name: string
  /** Whether the processor plays its part. */
  readonly software: boolean
}

/** TensorFlow on this machine: how it is loaded, or why it can't be. */
export type TensorflowSource =
  | { readonly device: string; readonly load: () => Promise<Tf> }
  | { readonly reason: string }

export interface EngineOptions extends OnnxOptions {
  readonly gpu?: GpuDescription
  readonly tensorflow?: TensorflowSource
}

export interface ProbeOptions extends EngineOptions {
  /**
   * Network that verifies an engine with one small training step, and times it; without it engines are only listed.
   * It is interpreted in 64-bit floats as well, so it should be a small one.
   */
  readonly probe?: NetworkDocument
}

/** Ids of engines and what ONNX Runtime calls their providers. */
const PROVIDERS = { cpu: 'cpu', webgpu: 'webgpu', cuda: 'cuda', directml: 'dml', coreml: 'coreml' } as const

type OnnxEngineId = keyof typeof PROVIDERS

export type EngineId = OnnxEngineId | 'tensorflow'

const ONNX_IDS = Object.keys(PROVIDERS) as readonly OnnxEngineId[]

export const ENGINE_IDS: readonly EngineId[] = [...ONNX_IDS, 'tensorflow']

/** Whether a text names an engine, which this machine may lack. */
export const isEngineId = (id: string): id is EngineId => ENGINE_IDS.includes(id as EngineId)

/** Opens an engine. What it needs of the machine shows when a session is made. */
export function openExecutor(ort: Ort, id: EngineId, options: EngineOptions = {}): Executor {
  const { gpu, tensorflow = NO_TENSORFLOW, ...rest } = options
  if (id === 'tensorflow') return tensorflowExecutor(tensorflow)
  if (id === 'cpu') return createOnnxExecutor(ort, rest)
  if (id === 'webgpu') return createWebgpuExecutor(ort, gpu?.name)
  const device = gpu && !gpu.software ? gpu.name : 'GPU'
  return createOnnxExecutor(ort, { device, accelerator: { id, provider: PROVIDERS[id] } })
}

const NO_TENSORFLOW: TensorflowSource = { reason: 'TensorFlow is not installed' }

function tensorflowExecutor(source: TensorflowSource): Executor {
  if ('load' in source) return createTensorflowExecutor(source.load, source.device)
  return createTensorflowExecutor(() => Promise.reject(new EngineError('unsupported', source.reason)))
}

/** The engines of this machine. Never throws: one that fails says why. */
export async function listEngines(ort: Ort, options: ProbeOptions = {}): Promise<EngineInfo[]> {
  const supported = new Set(ort.listSupportedBackends().map(({ name }) => name))
  const list: EngineInfo[] = []
  for (const id of ONNX_IDS) {
    const absent = supported.has(PROVIDERS[id]) ? null : MISSING
    list.push(await inspect(ort, id, absent, options))
  }
  const { tensorflow = NO_TENSORFLOW } = options
  const absent: Absence | null =
    'load' in tensorflow ? null : { state: 'not-installed', reason: tensorflow.reason }
  list.push(await inspect(ort, 'tensorflow', absent, options))
  return list
}

/** Why there is no such engine here. */
type Absence = Pick<EngineInfo, 'state' | 'reason' | 'text'>

/** Why an engine can't be used, in both languages and, for logs, in one. */
const because = (told: Text): Required<Pick<EngineInfo, 'reason' | 'text'>> => ({
  reason: told.en,
  text: told,
})

const MISSING: Absence = {
  state: 'missing',
  ...because(
    text(
      'ONNX Runtime does not have it for this system',
      '이 시스템용 ONNX Runtime에는 포함되어 있지 않습니다',
    ),
  ),
}
const NOT_PROBED: Absence = { state: 'not-probed', ...because(text('not probed', '아직 측정하지 않음')) }

async function inspect(
  ort: Ort,
  id: EngineId,
  absent: Absence | null,
  { probe, ...options }: ProbeOptions,
): Promise<EngineInfo> {
  const executor = openExecutor(ort, id, options)
  const info = {
    id,
    provider: id === 'tensorflow' ? id : PROVIDERS[id],
    device: executor.device,
    available: absent === null,
    verified: false,
    imagesPerSecond: null,
    ...(id === 'webgpu' && options.gpu?.software ? { software: true } : {}),
  }
  if (absent) return { ...info, ...absent }
  if (!probe) return { ...info, ...NOT_PROBED }
  try {
    const wrong = await verify(executor, probe)
    if (wrong) return { ...info, state: 'wrong', ...because(wrong) }
    const { imagesPerSecond, profile } = await time(executor, probe)
    const found = { verified: true, state: 'verified', reason: '', imagesPerSecond } as const
    return { ...info, ...found, ...(profile ? { profile } : {}) }
  } catch (error) {
    return { ...info, available: false, state: 'failed', reason: reasonOf(error) }
  }
}

/** Why an engine can't be used, from one training step that is compared; null when its answers are right. */
export async function checkEngine(executor: Executor, probe: NetworkDocument): Promise<Text | null> {
  try {
    return await verify(executor, probe)
  } catch (error) {
    // the runtime's own words, which are English
    return text(reasonOf(error), reasonOf(error))
  }
}

/** The engine that is fastest of those whose answers are right; those made of software stand back for the CPU. */
export function fastestEngine(list: readonly EngineInfo[]): EngineId {
  let best: EngineInfo | null = null
  for (const info of list) {
    if (!info.verified || info.software) continue
    if ((info.imagesPerSecond ?? 0) > (best?.imagesPerSecond ?? 0)) best = info
  }
  return best && isEngineId(best.id) ? best.id : 'cpu'
}
