/**
 * Training speed of the engine on this machine's CPU beside PyTorch's, in alternating rounds of one run, so that a
 * busy machine slows both: `npm run bench:cpu -- --rounds 9`. Needs a python3 with PyTorch that uses OpenBLAS
 * (Debian: python3-torch and libopenblas0-pthread); PYTHON names another one.
 */
import { spawn } from 'node:child_process'
import { cpus, loadavg } from 'node:os'
import { createInterface } from 'node:readline'
import { setTimeout as pause } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import * as ort from 'onnxruntime-node'
import { optimizerOf, type TrainingSession } from '../core/engine/executor.ts'
import { createOnnxExecutor } from '../core/engine/executors/onnx.ts'
import { initialWeights } from '../core/engine/layout.ts'
import { benchNetworks } from './bench-networks.ts'

interface Case {
  readonly network: string
  readonly batch: number
  readonly optimizer: 'sgd' | 'adam'
}

const CASES: readonly Case[] = [
  { network: 'lenet5-modern', batch: 64, optimizer: 'adam' },
  { network: 'lenet5-modern', batch: 64, optimizer: 'sgd' },
  { network: 'resnet-20', batch: 32, optimizer: 'sgd' },
  { network: 'vgg-small', batch: 32, optimizer: 'sgd' },
  { network: 'densenet-small', batch: 32, optimizer: 'sgd' },
]

const PROFILES = ['standard', 'blocked'] as const

/** Trains for so many seconds; gives the milliseconds of each step. */
type Contestant = (seconds: number) => Promise<number[]>

interface Running {
  readonly contestants: Readonly<Record<string, Contestant>>
  stop(): Promise<void>
}

const WARM_UP_STEPS = 20
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
}

async function startEngine(
  { network, batch, optimizer }: Case,
  { threads, clock }: Setting,
): Promise<Running> {
  const { build, input } = benchNetworks[network]!
  const document = build()
  const config = { batch, optimizer: optimizerOf({ optimizer, momentum: 0.9 }) }
  const size = input.reduce((all, n) => all * n, batch)
  const images = Float32Array.from({ length: size }, () => Math.random() * 2 - 1)
  const sessions: TrainingSession[] = []
  const contestants: Record<string, Contestant> = {}
  for (const profile of PROFILES) {
    const session = await createOnnxExecutor(ort, { threads, profile }).training(document, config)
    sessions.push(session)
    if (profile === 'blocked' && !session.profile?.startsWith('blocked')) {
      console.error(`${network}: trained on ${session.profile}`)
    }
    await session.restore(initialWeights(document, 1), null)
    const labels = Int32Array.from({ length: batch }, () => Math.floor(Math.random() * session.classes))
    const step = () => session.step({ images, labels, count: batch }, 0.001, 1)
    for (let i = 0; i < WARM_UP_STEPS; i++) await step()
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
  const script = new URL('bench_torch.py', import.meta.url).pathname
  const options = [`--optimizer=${optimizer}`, `--batch=${batch}`, `--threads=${threads}`, `--clock=${clock}`]
  const child = spawn(process.env.PYTHON ?? 'python3', [script, network, ...options], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, OMP_NUM_THREADS: `${threads}`, OPENBLAS_NUM_THREADS: `${threads}` },
  })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const answer = async (): Promise<unknown> => {
    const { value, done } = await lines.next()
    if (done) throw new Error('PyTorch ended early, see above; PYTHON=... names a python3 that has it.')
    return JSON.parse(value)
  }
  const { torch, blas, gflops } = (await answer()) as { torch: string; blas: string; gflops: number }
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
  const engine = await startEngine(row, setting)
  try {
    const all = { ...engine.contestants, ...torch.contestants }
    const { rates, disturbed } = await race(all, row.batch, rules)
    const { standard, blocked, contiguous, channels_last } = rates
    const better = median(contiguous!) >= median(channels_last!) ? 'contiguous' : 'channels_last'
    const theirs = better === 'contiguous' ? contiguous! : channels_last!
    const ratio = (ours: readonly number[]) => {
      const ratios = ours.map((rate, round) => rate / theirs[round]!)
      return `${median(ratios).toFixed(2)} (${Math.min(...ratios).toFixed(2)}-${Math.max(...ratios).toFixed(2)})`
    }
    const name = `${row.network}, batch ${row.batch}, ${row.optimizer}`
    const loud = `${(disturbed * 100).toFixed(0)}%`
    const speeds = [standard!, blocked!, theirs].map(spread)
    const cells = [name, setting.threads, ...speeds, better, ratio(standard!), ratio(blocked!), loud]
    return `| ${cells.join(' | ')} |`
  } finally {
    await engine.stop()
    await torch.stop()
  }
}

async function main() {
  const { values } = parseArgs({
    options: {
      rounds: { type: 'string', default: '9' },
      seconds: { type: 'string', default: '1' },
      threads: { type: 'string', default: '1,2' },
      patience: { type: 'string', default: '10' },
      clock: { type: 'string', default: 'wall' },
      networks: { type: 'string', default: Object.keys(benchNetworks).join() },
    },
  })
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
  const chosen = values.networks.split(',')
  const cases = CASES.filter(({ network }) => chosen.includes(network))
  if (cases.length === 0) throw new Error(`--networks takes some of ${Object.keys(benchNetworks)}.`)
  const probe = await startTorch(cases[0]!, { threads: threads.at(-1)!, clock })
  await probe.stop()
  console.log(`${cpus().length} cores of ${cpus()[0]!.model}; load ${loadavg()[0]!.toFixed(1)} before`)
  console.log(`Node ${process.versions.node}, onnxruntime-node ${ort.env.versions.node}; ${probe.about}`)
  const { rounds, seconds, patience } = rules
  console.log(
    `Images a second (${clock} time): median of ${rounds} rounds of ${seconds} s (slowest-fastest), ratio likewise.`,
  )
  console.log(`Disturbed: turns begun while others used the processor, after ${patience} s of waiting.\n`)
  console.log(
    '| network | threads | standard | blocked | PyTorch | its better layout | standard to it | blocked to it | disturbed |',
  )
  console.log('|---|---:|---:|---:|---:|---|---:|---:|---:|')
  for (const row of cases)
    for (const n of threads) console.log(await bench(row, { threads: n, clock }, rules))
}

try {
  await main()
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
