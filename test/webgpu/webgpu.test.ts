import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { beforeAll, describe, expect, it } from 'vitest'
import { operatorCases } from './cases.ts'
import { softwareGpu } from './software.ts'

const env = softwareGpu()
if (env === null) {
  console.log('WebGPU is not tested: no software Vulkan driver was found (Debian: apt-get install chromium).')
}

interface Outcome {
  readonly name: string
  readonly value?: unknown
  readonly error?: string
}

/** What device.ts found; a process of its own, as the driver is chosen before the runtime is loaded. */
async function onDevice(what: string): Promise<Map<string, Outcome>> {
  const script = fileURLToPath(new URL('device.ts', import.meta.url))
  const { stdout } = await promisify(execFile)(process.execPath, [script, what], { env: env! })
  const outcomes = stdout
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Outcome)
  return new Map(outcomes.map((outcome) => [outcome.name, outcome]))
}

describe.skipIf(env === null)(
  'every primitive on a GPU made of software, with no operator on the CPU',
  () => {
    let outcomes: Map<string, Outcome>
    beforeAll(async () => {
      outcomes = await onDevice('operators')
    }, 300_000)

    it.each(operatorCases)('$name gives the reference, gradients included', ({ name }) => {
      const { value, error } = outcomes.get(name)!
      expect(error).toBeUndefined()
      for (const [output, apart] of Object.entries(value as Record<string, number>)) {
        expect(apart, output).toBeLessThan(5e-6)
      }
    })
  },
)

interface Trained {
  readonly apart: Readonly<Record<string, number>>
  readonly steps: number
  readonly resumed: number
  /** On the GPU and on the CPU. */
  readonly failures: readonly { readonly finite: boolean; readonly step: number; readonly layer: string }[]
}

describe.skipIf(env === null)('training on a GPU made of software', () => {
  let outcomes: Map<string, Outcome>
  beforeAll(async () => {
    outcomes = await onDevice('training')
  }, 300_000)

  const of = (name: string) => {
    const { value, error } = outcomes.get(name)!
    expect(error).toBeUndefined()
    return value
  }

  it.each(['lenet5-modern', 'normed', 'normed in segments'])(
    'of %s goes as on the CPU, resumes, and does not take over what is not finite',
    (name) => {
      const { apart, steps, resumed, failures } = of(name) as Trained
      for (const [what, error] of Object.entries(apart)) expect(error, what).toBeLessThan(2e-5)
      expect(steps).toBe(3)
      expect(resumed).toBe(0)
      expect(failures[0]).toEqual({ ...failures[1], finite: false, step: 0 })
      expect(failures[0]!.layer).not.toBeNull()
    },
  )

  it('gives the logits of the CPU', () => {
    expect((of('inference') as { apart: number }).apart).toBeLessThan(1e-5)
  })
})
