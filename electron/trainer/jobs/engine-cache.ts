import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import type { EngineInfo } from '../../../core/engine/executor.ts'
import { stepProfile } from '../../../core/protocol/step-profile.ts'
import { defaultRunsDir } from '../run-folder.ts'

const info = z.object({
  id: z.string(),
  provider: z.string(),
  device: z.string(),
  profile: stepProfile.exactOptional(),
  available: z.boolean(),
  verified: z.boolean(),
  state: z.enum(['verified', 'not-probed', 'missing', 'not-installed', 'wrong', 'failed']),
  reason: z.string(),
  text: z.object({ en: z.string(), ko: z.string() }).exactOptional(),
  imagesPerSecond: z.number().nullable(),
  software: z.literal(true).exactOptional(),
})
const file = z.object({ machine: z.string(), engines: z.array(info) })

const pathOf = (env: NodeJS.ProcessEnv): string => join(dirname(defaultRunsDir(env)), 'engines.json')

/**
 * What was found when the engines were last probed, or null: when they never were, or not on this `machine`, a text that
 * changes with the processor, the graphics device and the versions of what computes.
 */
export function readProbed(machine: string, env: NodeJS.ProcessEnv = process.env): EngineInfo[] | null {
  try {
    const found = file.parse(JSON.parse(readFileSync(pathOf(env), 'utf8')))
    if (found.machine !== machine) return null
    return found.engines
  } catch {
    return null
  }
}

/** Keeps what was found. Where that can't be written, the next run does without. */
export function keepProbed(
  machine: string,
  engines: readonly EngineInfo[],
  env: NodeJS.ProcessEnv = process.env,
): void {
  const path = pathOf(env)
  try {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(`${path}.${process.pid}`, `${JSON.stringify({ machine, engines }, null, 2)}\n`)
    renameSync(`${path}.${process.pid}`, path)
  } catch (error) {
    console.error(`What the engines can do was not kept: ${error instanceof Error ? error.message : error}`)
  }
}
