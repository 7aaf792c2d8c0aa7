import { listEngines } from '../../../core/engine/engines.ts'
import type { EngineInfo } from '../../../core/engine/executor.ts'
import { lenet5Modern } from '../../../presets/lenet5-modern.ts'
import { cpuName, cpuProfile, loadRuntime } from './engine.ts'

/** What can train on this machine; with `probe` also whether its answers are right, and how fast it is. */
export async function engines(probe: boolean): Promise<readonly EngineInfo[]> {
  const options = {
    device: cpuName(),
    profile: cpuProfile(),
    ...(probe ? { probe: lenet5Modern.build() } : {}),
  }
  return listEngines(await loadRuntime(), options)
}
