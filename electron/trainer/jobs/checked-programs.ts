import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import type { CheckedPrograms } from '../../../core/engine/executors/onnx-blocked.ts'
import { stepProfile } from '../../../core/protocol/step-profile.ts'
import { defaultRunsDir } from '../run-folder.ts'

const file = z.object({ machine: z.string(), programs: z.record(z.string(), stepProfile.nullable()) })

/** Programs kept at most: the oldest ones go first. */
const MOST = 500

const pathOf = (env: NodeJS.ProcessEnv): string => join(dirname(defaultRunsDir(env)), 'checked-steps.json')

/**
 * What was found of programs whose training step was checked on this machine, kept in a file beside the runs.
 * @param machine changes with the processor and the versions of what computes
 */
export function checkedPrograms(machine: string, env: NodeJS.ProcessEnv = process.env): CheckedPrograms {
  const path = pathOf(env)
  const hash = (description: string) => createHash('sha256').update(description).digest('hex').slice(0, 32)
  return {
    get: (description) => read(path, machine)[hash(description)],
    set(description, why) {
      const { [hash(description)]: _, ...others } = read(path, machine)
      const programs = Object.fromEntries(
        [...Object.entries(others), [hash(description), why] as const].slice(-MOST),
      )
      try {
        mkdirSync(dirname(path), { recursive: true })
        writeFileSync(`${path}.${process.pid}`, `${JSON.stringify({ machine, programs })}\n`)
        renameSync(`${path}.${process.pid}`, path)
      } catch (error) {
        console.error(`A checked step was not kept: ${error instanceof Error ? error.message : error}`)
      }
    },
  }
}

function read(path: string, machine: string): z.infer<typeof file>['programs'] {
  try {
    const found = file.parse(JSON.parse(readFileSync(path, 'utf8')))
    return found.machine === machine ? found.programs : {}
  } catch {
    return {}
  }
}
