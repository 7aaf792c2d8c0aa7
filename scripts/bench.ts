/**
 * Training speed of the engine on this machine's CPU beside PyTorch's, in alternating rounds of one run, so that a
 * busy machine slows both: `npm run bench`, and `npm run bench -- --presets` for documented models at their own size.
 * Needs a python3 with PyTorch that uses OpenBLAS (Debian: python3-torch and libopenblas0-pthread); PYTHON names
 * another one.
 */
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as pause } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import * as ort from 'onnxruntime-node'
import { torchSource } from '../core/codegen/torch/model.ts'
import { optimizerOf, type TrainingSession } from '../core/engine/executor.ts'
import { createOnnxExecutor } from '../core/engine/executors/onnx.ts'
import { initialWeights, layoutOf } from '../core/engine/layout.ts'
import { readNetwork } from '../core/engine/network.ts'
import { profileText } from '../core/protocol/step-profile.ts'
import { benchNetwork, type Case, GOALS, PRESETS } from './bench-networks.ts'

type Profile = 'standard' | 'blocked'

/** Trains for so many seconds; gives the milliseconds of each step. */
type Contestant = (seconds: number) => Promise<number[]>

interface Running {
  readonly contestants: Readonly<Record<string, Contestant>>
  stop(): Promise<void>
}

/** Most steps and seconds before the clock starts. */
const WARM_UP = { steps: 20, seconds: 2 }
/** Long enough for idle threads that still spin to fall asleep, and to see what others run. */
const SETTLE_MS = 200
/** Others may take this part of all cores when a round begins. */
const QUIET = 0.1

/**
 * What a step's time is read from: `wall` or, for one thread on a machine that others keep busy, `processor`, the time
 * that the process was given.
 */
type Clock = 'wall' | 'processor'

const readers: Readonly<Record<Clock, () => number>> = {
  wall: () => performance.now(),
  processor: () => {
    const { user, system } = process.cpuUsage()
    return (user + system) / 1000
  },
}

interface Setting {
  readonly threads: number
  readonly clock: Clock
  readonly profiles: readonly Profile[]
}

async function startEngine(
  { network, batch, optimizer }: Case,
  { threads, clock, profiles }: Setting,
): Promise<Running> {
  const document = benchNetwork(network)
  const { inputShape } = readNetwork(document)
  const config = { batch, optimizer: optimizerOf({ optimizer, momentum: 0.9 }) }
  const size = inputShape.reduce((all, n) => all * n, batch)
  const images = Float32Array.from({ length: size }, () => Math.random() * 2 - 1)
  const sessions: TrainingSession[] = []
  const contestants: Record<string, Contestant> = {}
  for (const profile of profiles) {
    const session = await createOnnxExecutor(ort, { threads, profile }).training(document, config)
    sessions.push(session)
    if (profile === 'blocked' && session.profile?.code !== 'blocked') {
      console.error(
        `${network}: trained on ${session.profile ? profileText(session.profile).en : 'one lowering'}`,
      )
    }
    await session.restore(initialWeights(document, 1), null)
    const labels = Int32Array.from({ length: batch }, () => Math.floor(Math.random() * session.classes))
    const step = () => session.step({ images, labels, count: batch }, 0.001, 1)
    const end = performance.now() + WARM_UP.seconds * 1000
    for (let i = 0; i < WARM_UP.steps && performance.now() < end; i++) await step()
    contestants[profile] = (seconds) => timed(step, seconds, readers[clock])
  }
  return {
    contestants,
    async stop() {
      for (const session of sessions) await session.dispose()
    },
  }
}

/** Milliseconds of each step, for so many seconds. */
async function timed(step: () => Promise<unknown>, seconds: number, now: () => number): Promise<number[]> {
  const times: number[] = []
  for (const end = performance.now() + seconds * 1000; times.length === 0 || performance.now() < end; ) {
    const start = now()
    await step()
    times.push(now() - start)
  }
  return times
}

async function startTorch(
  { network, batch, optimizer }: Case,
  { threads, clock }: Setting,
): Promise<Running & { about: string }> {
  const document = benchNetwork(network)
  const { inputShape, classes } = readNetwork(document)
  const folder = mkdtempSync(join(tmpdir(), 'layerloom-bench-'))
  const model = join(folder, 'model.py')
  writeFileSync(model, torchSource(document).code)
  const script = new URL('bench_torch.py', import.meta.url).pathname
  const shape = [`--shape=${inputShape}`, `--classes=${classes}`, `--batch=${batch}`]
  const options = [...shape, `--optimizer=${optimizer}`, `--threads=${threads}`, `--clock=${clock}`]
  const child = spawn(process.env.PYTHON ?? 'python3', [script, model, ...options], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, OMP_NUM_THREADS: `${threads}`, OPENBLAS_NUM_THREADS: `${threads}` },
  })
  child.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const answer = async (): Promise<unknown> => {
    const { value, done } = await lines.next()
    if (done) throw new Error('PyTorch ended early, see above; PYTHON=... names a python3 that has it.')
    return JSON.parse(value)
  }
  const about = (await answer()) as { torch: string; blas: string; gflops: number; parameters: number }
  const { torch, blas, gflops } = about
  const { trainable } = layoutOf(document)
  if (about.parameters !== trainable) {
    throw new Error(`${network} has ${about.parameters} parameters in PyTorch, not ${trainable}.`)
  }
  if (!blas.includes('openblas') && !blas.includes('mkl')) {
    throw new Error(
      `PyTorch multiplies matrices with ${blas} at ${gflops} GFLOP/s: install libopenblas0-pthread.`,
    )
  }
  const inLayout =
    (layout: string): Contestant =>
    async (seconds) => {
      child.stdin.write(`${layout} ${seconds}\n`)
      return (await answer()) as number[]
    }
  return {
    about: `PyTorch ${torch}, ${blas.split('/').at(-1)}, ${gflops} GFLOP/s at matrix products`,
    contestants: { contiguous: inLayout('contiguous'), channels_last: inLayout('channels_last') },
    async stop() {
      child.stdin.end()
      await new Promise((resolve) => child.once('exit', resolve))
    },
  }
}

const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

/** Processor time of all cores since the machine started: spent, and altogether. */
const processorTime = () => {
  let idle = 0
  let all = 0
  for (const { times } of cpus()) {
    idle += times.idle
    all += times.user + times.nice + times.sys + times.irq + times.idle
  }
  return { busy: all - idle, all }
}

/** Waits until others leave the processor alone, at most so long; tells whether they do. */
async function quiet(patienceSeconds: number): Promise<boolean> {
  const end = performance.now() + patienceSeconds * 1000
  for (;;) {
    const before = processorTime()
    await pause(SETTLE_MS)
    const after = processorTime()
    if ((after.busy - before.busy) / (after.all - before.all) < QUIET) return true
    if (performance.now() > end) return false
  }
}

interface Rules {
  readonly rounds: number
  readonly seconds: number
  readonly patience: number
}

/** Images a second of each contestant in each round; who begins changes from round to round. */
async function race(contestants: Readonly<Record<string, Contestant>>, batch: number, rules: Rules) {
  const { rounds, seconds, patience } = rules
  const names = Object.keys(contestants)
  const rates = Object.fromEntries(names.map((name) => [name, [] as number[]]))
  let disturbed = 0
  for (let round = 0; round < rounds; round++) {
    for (let turn = 0; turn < names.length; turn++) {
      const name = names[(round + turn) % names.length]!
      if (!(await quiet(patience))) disturbed++
      rates[name]!.push((batch / median(await contestants[name]!(seconds))) * 1000)
    }
  }
  return { rates, disturbed: disturbed / (rounds * names.length) }
}

const spread = (values: readonly number[]): string =>
  `${median(values).toFixed(0)} (${Math.min(...values).toFixed(0)}-${Math.max(...values).toFixed(0)})`

async function bench(row: Case, setting: Setting, rules: Rules): Promise<string> {
  const torch = await startTorch(row, setting)
  try {
    const engine = await startEngine(row, setting)
    try {
      const all = { ...engine.contestants, ...torch.contestants }
      const { rates, disturbed } = await race(all, row.batch, rules)
      const { contiguous, channels_last } = rates
      const better = median(contiguous!) >= median(channels_last!) ? 'contiguous' : 'channels_last'
      const theirs = better === 'contiguous' ? contiguous! : channels_last!
      const ratio = (ours: readonly number[]) => {
        const ratios = ours.map((rate, round) => rate / theirs[round]!)
        return `${median(ratios).toFixed(2)} (${Math.min(...ratios).toFixed(2)}-${Math.max(...ratios).toFixed(2)})`
      }
      const ours = setting.profiles.map((profile) => rates[profile]!)
      const name = `${row.network}, batch ${row.batch}, ${row.optimizer}`
      const speeds = [...ours, theirs].map(spread)
      const loud = `${(disturbed * 100).toFixed(0)}%`
      return `| ${[name, setting.threads, ...speeds, better, ...ours.map(ratio), loud].join(' | ')} |`
    } finally {
      await engine.stop()
    }
  } finally {
    await torch.stop()
  }
}

const options = {
  presets: { type: 'boolean', default: false },
  networks: { type: 'string' },
  profiles: { type: 'string' },
  rounds: { type: 'string', default: '5' },
  seconds: { type: 'string', default: '1' },
  threads: { type: 'string', default: '1,2' },
  patience: { type: 'string', default: '3' },
  clock: { type: 'string', default: 'wall' },
} as const

/** What to measure and how. */
function readArguments() {
  const { values } = parseArgs({ options })
  const rules: Rules = {
    rounds: Number(values.rounds),
    seconds: Number(values.seconds),
    patience: Number(values.patience),
  }
  const threads = values.threads.split(',').map(Number)
  if (![...Object.values(rules), ...threads].every((n) => n > 0)) {
    throw new Error('--rounds, --seconds, --threads and --patience take numbers above 0.')
  }
  const { clock } = values
  if (clock !== 'wall' && clock !== 'processor') throw new Error('--clock takes wall or processor.')
  if (clock === 'processor' && threads.some((n) => n > 1)) {
    throw new Error('--clock processor adds up what all threads take: give --threads 1 with it.')
  }
  const profiles = (values.profiles ?? (values.presets ? 'blocked' : 'standard,blocked')).split(',')
  const isProfile = (name: string): name is Profile => name === 'standard' || name === 'blocked'
  if (!profiles.every(isProfile)) throw new Error('--profiles takes standard, blocked or both.')
  const chosen = values.networks?.split(',')
  const cases = chosen
    ? [...GOALS, ...PRESETS].filter(({ network }) => chosen.includes(network))
    : values.presets
      ? PRESETS
      : GOALS
  if (cases.length === 0) {
    throw new Error(`--networks takes some of ${[...GOALS, ...PRESETS].map(({ network }) => network)}.`)
  }
  return { rules, threads, clock, profiles, cases } as const
}

async function main() {
  const { rules, threads, clock, profiles, cases } = readArguments()
  const probe = await startTorch(GOALS[0]!, { threads: threads.at(-1)!, clock, profiles })
  await probe.stop()
  console.log(`${cpus().length} cores of ${cpus()[0]!.model}; load ${loadavg()[0]!.toFixed(1)} before`)
  console.log(`Node ${process.versions.node}, onnxruntime-node ${ort.env.versions.node}; ${probe.about}`)
  const { rounds, seconds, patience } = rules
  console.log(
    `Images a second (${clock} time): median of ${rounds} rounds of ${seconds} s (slowest-fastest), ratio likewise.`,
  )
  console.log(`Disturbed: turns begun while others used the processor, after ${patience} s of waiting.\n`)
  const ratios = profiles.map((profile) => `${profile} to it`)
  const titles = ['network', 'threads', ...profiles, 'PyTorch', 'its better layout', ...ratios, 'disturbed']
  console.log(`| ${titles.join(' | ')} |`)
  console.log(`|---|${'---:|'.repeat(profiles.length + 2)}---|${'---:|'.repeat(profiles.length + 1)}`)
  let failed = false
  for (const row of cases) {
    for (const n of threads) {
      try {
        console.log(await bench(row, { threads: n, clock, profiles }, rules))
      } catch (error) {
        failed = true
        console.error(`${row.network}: ${error instanceof Error ? error.message : error}`)
      }
    }
  }
  if (failed) process.exitCode = 1
}

try {
  await main()
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
