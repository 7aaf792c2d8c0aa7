/**
 * Two training steps of the documented models at their own input size: finite losses, finite gradients of every
 * trainable tensor, none of them zero throughout. `npm run check:presets -- --all` takes every model, one after the
 * other, each in a process of its own; `npm run check:presets -- vgg-d,resnet-50` some.
 */
import { spawnSync } from 'node:child_process'
import { parseArgs } from 'node:util'
import * as ort from 'onnxruntime-node'
import { presetOf, presets } from '../presets/index.ts'
import { type StepsReport, twoSteps } from './preset-steps.ts'

interface Row extends StepsReport {
  readonly seconds: number
  /** Largest resident memory of the process. */
  readonly mebibytes: number
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    all: { type: 'boolean', default: false },
    threads: { type: 'string', default: '1' },
    /** Checks one model in this process and prints its row as JSON. */
    one: { type: 'string' },
  },
})

if (values.one === undefined) checkAll()
else console.log(JSON.stringify(await check(values.one)))

async function check(id: string): Promise<Row> {
  const preset = presetOf(id)
  if (!preset) throw new Error(`there is no preset ${id}: see "layerloom presets"`)
  const begin = performance.now()
  const report = await twoSteps(ort, preset, Number(values.threads))
  return {
    ...report,
    seconds: (performance.now() - begin) / 1000,
    mebibytes: process.resourceUsage().maxRSS / 1024,
  }
}

function checkAll(): void {
  const named = positionals.flatMap((list) => list.split(','))
  const ids = values.all ? presets.map(({ id }) => id) : named
  if (ids.length === 0) throw new Error('nothing to check: give --all, or ids of presets')
  console.log('| preset | batch | tensors | loss before, after | shortest gradient | seconds | MiB | found |')
  console.log('|---|---:|---:|---|---|---:|---:|---|')
  let bad = 0
  for (const id of ids) {
    const args = [import.meta.filename, '--one', id, '--threads', values.threads]
    const { stdout, stderr, status } = spawnSync(process.execPath, args, { encoding: 'utf8' })
    if (status !== 0) {
      bad += 1
      console.log(`| ${id} | failed: ${reasonIn(stderr) ?? `status ${status}`} |`)
      continue
    }
    const row = JSON.parse(stdout) as Row
    const problems = problemsOf(row)
    if (problems !== '') bad += 1
    console.log(lineOf(row, problems || 'all right'))
  }
  console.log(`\n${ids.length - bad} of ${ids.length} all right`)
  process.exitCode = bad === 0 ? 0 : 1
}

/** The line of an uncaught error among what Node prints of it. */
const reasonIn = (stderr: string): string | undefined =>
  stderr.split('\n').find((line) => /^\w*Error\b/.test(line))

function problemsOf({ losses, notFinite, zero }: Row): string {
  return [
    ...(losses.every(Number.isFinite) ? [] : ['loss not finite']),
    ...(notFinite.length > 0 ? [`not finite: ${notFinite.join(', ')}`] : []),
    ...(zero.length > 0 ? [`zero: ${zero.join(', ')}`] : []),
  ].join('; ')
}

function lineOf(row: Row, found: string): string {
  const { name, norm } = row.shortest
  return (
    `| ${row.id} | ${row.batch} | ${row.tensors} | ${row.losses.map((loss) => loss?.toFixed(4)).join(', ')} ` +
    `| ${norm.toExponential(2)} ${name} | ${row.seconds.toFixed(1)} | ${Math.round(row.mebibytes)} | ${found} |`
  )
}
