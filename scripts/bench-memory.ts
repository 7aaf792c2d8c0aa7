/**
 * Memory that runs take against what was predicted before them: `npm run bench:memory`. Taken is the largest resident
 * size of the trainer process (getrusage's maxrss) over a whole run: a few steps, an evaluation, a checkpoint.
 * Predicted is what `train` says before it starts; measured what `train --estimate` says after a few small steps.
 */
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { analyze } from '../core/analysis/analyze.ts'
import type { TrainEvent } from '../core/protocol/events.ts'
import { presetOf } from '../presets/index.ts'

const USUAL = 'lenet5:32,resnet-20-cifar:32,densenet-bc-100:32,resnet-50:8,vgg-d:4'
const { values: options } = parseArgs({
  options: {
    networks: { type: 'string', default: USUAL },
    profiles: { type: 'string', default: 'blocked,standard' },
  },
})

const home = mkdtempSync(join(tmpdir(), 'layerloom-memory-'))
process.on('exit', () => rmSync(home, { recursive: true, force: true }))

/** Runs a command of the CLI and tells at its end the most memory that it took. */
const program = join(home, 'measured.mjs')
writeFileSync(
  program,
  `const { main } = await import(${JSON.stringify(new URL('../electron/cli/program.ts', import.meta.url).href)})
  process.exitCode = await main(process.argv.slice(2))
  process.stderr.write('maxrss ' + process.resourceUsage().maxRSS)`,
)

console.log(
  '| network | batch | lowering | predicted | measured before | taken | predicted / taken | measured / taken |',
)
console.log('|---|---|---|---|---|---|---|---|')
for (const entry of options.networks.split(',')) {
  for (const profile of options.profiles.split(',')) await compare(entry, profile)
}

async function compare(entry: string, profile: string): Promise<void> {
  const [id = '', batch = ''] = entry.split(':')
  const preset = presetOf(id)
  if (!preset) throw new Error(`There is no preset ${id}.`)
  const { input, output } = analyze(preset.build())
  const data = `random:${input!.join('x')}/${output![0]}`
  const args = ['train', id, '--data', data, '--batch', batch, '--limit', String(4 * Number(batch))]
  const more = ['--val', '0.25', '--epochs', '1', '--lr', '0.0001', '--engine', 'cpu', '--json']
  const estimated = await run(profile, [...args, ...more, '--estimate'])
  const trained = await run(profile, [...args, ...more, '--out', join(home, `${id}-${profile}`)])
  const events = trained.lines.map((line) => JSON.parse(line) as TrainEvent)
  const started = events.find((event) => event.type === 'started')
  if (events.at(-1)?.type !== 'finished' || !started?.memory) throw new Error(`${id} did not finish.`)
  const measured = (JSON.parse(estimated.lines[0]!) as { memory: number }).memory
  const ratio = (bytes: number) => (bytes / trained.bytes).toFixed(2)
  const figures = [started.memory, measured, trained.bytes].map(
    (bytes) => `${Math.round(bytes / 2 ** 20)} MiB`,
  )
  console.log(`| ${[id, batch, profile, ...figures, ratio(started.memory), ratio(measured)].join(' | ')} |`)
}

/** Runs a command in a process of its own; gives what it printed and the most memory it took. */
function run(profile: string, args: readonly string[]): Promise<{ lines: string[]; bytes: number }> {
  const child = spawn(process.execPath, [program, ...args], {
    env: { ...process.env, LAYERLOOM_PROFILE: profile, LAYERLOOM_HOME: home },
  })
  const told = { out: '', err: '' }
  child.stdout.on('data', (chunk: Buffer) => {
    told.out += chunk
  })
  child.stderr.on('data', (chunk: Buffer) => {
    told.err += chunk
  })
  return new Promise((resolve, reject) => {
    child.on('close', (status) => {
      const kilobytes = /maxrss (\d+)/.exec(told.err)?.[1]
      if (status !== 0 || !kilobytes) reject(new Error(`${args.join(' ')}: ${told.err}`))
      else resolve({ lines: told.out.trimEnd().split('\n'), bytes: Number(kilobytes) * 1024 })
    })
  })
}
