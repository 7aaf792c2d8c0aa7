import { fastestEngine, listEngines } from '../../../core/engine/engines.ts'
import type { EngineInfo } from '../../../core/engine/executor.ts'
import { lenet5Modern } from '../../../presets/lenet5-modern.ts'
import { engineOptions, loadRuntime, machineOf } from './engine.ts'
import { keepProbed, readProbed } from './engine-cache.ts'

/** An engine, and whether it is the one that `auto` takes. */
export interface ListedEngine extends EngineInfo {
  readonly auto: boolean
}

/**
 * What can train on this machine. With `probe` also whether its answers are right, and how fast it is, which is kept;
 * without it, what was kept.
 */
export async function engines(probe: boolean): Promise<readonly ListedEngine[]> {
  const ort = await loadRuntime()
  const machine = machineOf(ort)
  if (!probe) return marked(readProbed(machine) ?? (await listEngines(ort, engineOptions())))
  const list = await listEngines(ort, { ...engineOptions(), probe: lenet5Modern.build() })
  keepProbed(machine, list)
  return marked(list)
}

function marked(list: readonly EngineInfo[]): ListedEngine[] {
  const fastest = fastestEngine(list)
  return list.map((info) => ({ ...info, auto: info.id === fastest }))
}
