import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import ort from 'onnxruntime-node'
import { readNetwork } from '../../core/engine/network.ts'
import { readHdf5 } from '../../core/formats/hdf5.ts'
import { readNpz } from '../../core/formats/npz.ts'
import { readZip } from '../../core/formats/zip.ts'
import { ExportError, type ExportedFile, exportFormatOf } from '../../core/interchange/export/index.ts'
import type { ExportFormatId } from '../../core/protocol/contract.ts'
import { layerCases, type ParityCase, presetCases } from './networks.ts'
import { writePytorchCase } from './pytorch.ts'
import { BATCH, RATE, type Reference, referenceOf } from './reference.ts'
import { roundTrip } from './roundtrip.ts'
import { apart, tfjsError } from './tfjs.ts'

/**
 * `npm run parity [-- FILTER...]`: every layer kind and every family of presets through every format, read by the real
 * thing, against the engine's outputs. Prints a table of formats and networks with the worst difference, and what a
 * format refuses; ends with 1 where something is further off than float32 explains. A FILTER is a part of a network's
 * name or of its kind's or family's. Python's part needs python3 with torch and h5py and is skipped, visibly, without.
 */

/** Networks whose files lie on the disk at once. */
const AT_ONCE = 40
const OUTPUT = 1e-5
const STEP = 1e-4

/** A number of differences, the word for a refusal, or a failure. */
interface Cell {
  readonly format: string
  readonly network: ParityCase
  readonly worst?: number
  readonly refused?: string
  readonly failed?: string
}

const python = process.env.PYTHON ?? '/usr/bin/python3'
const hasPython = (module: string): boolean =>
  spawnSync(python, ['-c', `import ${module}`], { stdio: 'ignore' }).status === 0

async function onnxError([file]: readonly ExportedFile[], { request, trials }: Reference): Promise<number> {
  const session = await ort.InferenceSession.create(file!.bytes, { logSeverityLevel: 3 })
  const shape = [BATCH, ...readNetwork(request.document).inputShape]
  let worst = 0
  for (const { input, logits } of trials) {
    const result = await session.run({ input: new ort.Tensor('float32', input, shape) })
    worst = Math.max(worst, apart(result.logits!.data as Float32Array, logits))
  }
  await session.release()
  return worst
}

/** By our own reader; numpy's is checked by the format's tests. */
function npzError([file]: readonly ExportedFile[], { request }: Reference): number {
  const npz = readNpz(file!.bytes, file!.path)
  return Math.max(
    0,
    ...request.layout.slots.map(({ name, offset, size }) =>
      apart(npz.read(name).data as Float32Array, request.weights.subarray(offset, offset + size)),
    ),
  )
}

type Measure = (files: readonly ExportedFile[], reference: Reference) => number | Promise<number>

const measures: readonly (readonly [name: string, format: ExportFormatId, measure: Measure])[] = [
  ['onnx', 'onnx', onnxError],
  ['tfjs', 'tfjs', tfjsError],
  ['tfjs back', 'tfjs', async (files, reference) => (await roundTrip(files, reference)).error],
  ['keras back', 'keras', async (files, reference) => (await roundTrip(files, reference)).error],
  ['npz', 'npz', npzError],
]

async function measure(network: ParityCase, reference: Reference): Promise<Cell[]> {
  const cells: Cell[] = []
  for (const [format, id, take] of measures) {
    try {
      const files = await exportFormatOf(id).write(reference.request)
      cells.push({ format, network, worst: await take(files, reference) })
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error)
      cells.push({
        format,
        network,
        ...(error instanceof ExportError ? { refused: message } : { failed: message }),
      })
    }
  }
  return cells
}

/** Lines of JSON that a script prints. */
function run<T>(script: string, ...args: readonly string[]): T[] {
  const path = join(import.meta.dirname, script)
  const { stdout, stderr, status } = spawnSync(python, [path, ...args], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  })
  if (status !== 0) throw new Error(`${script}: ${stderr.slice(-400)}`)
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as T)
}

interface TorchRow {
  readonly case: string
  readonly output?: number
  readonly step?: number
  readonly own?: number
  readonly error?: string
}

function torchCells(folder: string, networks: readonly ParityCase[]): Cell[] {
  return run<TorchRow>('pytorch_cases.py', folder, String(RATE)).flatMap((row): Cell[] => {
    const network = networks[Number(row.case)]!
    if (row.error) return [{ format: 'pytorch', network, failed: row.error }]
    const cells: Cell[] = [{ format: 'pytorch', network, worst: row.output! }]
    if (row.step === undefined) return cells
    // what float32 does to PyTorch's own step is no difference between the two
    const beyond = row.step <= Math.max(STEP, 3 * (row.own ?? 0))
    const step: Cell = { format: 'pytorch step', network, worst: row.step }
    return [...cells, beyond ? step : { ...step, failed: `${row.step} off, PyTorch by itself ${row.own}` }]
  })
}

interface H5Row {
  readonly arrays: Readonly<Record<string, readonly [shape: number[], sum: number, weighted: number]>>
}

/** Leaves the weights of a Keras file for h5py; nothing where the format refuses the network. */
async function writeH5(path: string, { request }: Reference): Promise<void> {
  try {
    const [file] = await exportFormatOf('keras').write(request)
    const weights = readZip(file!.bytes, file!.path).find((entry) => entry.path === 'model.weights.h5')!
    writeFileSync(path, weights.read())
  } catch (error) {
    if (!(error instanceof ExportError)) throw error
  }
}

/** Arrays of Keras files by h5py: shapes, and sums of values times their place, against what was written. */
async function h5Cells(folder: string, networks: readonly ParityCase[]): Promise<Cell[]> {
  const files = readdirSync(folder)
  if (files.length === 0) return []
  const paths = files.map((file) => join(folder, file))
  const rows = run<H5Row>('h5_arrays.py', ...paths)
  return Promise.all(
    paths.map(async (path, i) => {
      const { arrays } = await readHdf5(readFileSync(path), path)
      const network = networks[Number.parseInt(files[i]!, 10)]!
      let worst = 0
      for (const { path: name, shape, data } of arrays) {
        const theirs = rows[i]!.arrays[name]
        if (theirs?.[0].join() !== shape.join()) {
          return { format: 'keras h5py', network, failed: `${name} differs` }
        }
        const values = Array.from(data)
        const weighted = values.reduce((sum, value, at) => sum + (value * (at + 1)) / values.length, 0)
        const scale = values.reduce((sum, value) => sum + Math.abs(value), 1e-30)
        worst = Math.max(worst, Math.abs(weighted - theirs[2]) / scale)
      }
      return { format: 'keras h5py', network, worst }
    }),
  )
}

function table(cells: readonly Cell[]): string {
  const formats = [...new Set(cells.map(({ format }) => format))]
  const rows = [...new Set(cells.map(({ network }) => network.of))].map((of) => [
    of,
    ...formats.map((format) => {
      const own = cells.filter((cell) => cell.format === format && cell.network.of === of)
      if (own.some(({ failed }) => failed)) return 'FAILED'
      const worst = own.flatMap((cell) => cell.worst ?? [])
      const refused = own.filter((cell) => cell.refused).length
      const most = worst.length > 0 ? Math.max(...worst).toExponential(1) : ''
      return (
        [most, refused > 0 ? `refused ${refused}/${own.length}` : '']
          .filter((part) => part !== '')
          .join(', ') || '-'
      )
    }),
  ])
  const all = [['network', ...formats], ...rows]
  const widths = all[0]!.map((_, i) => Math.max(...all.map((row) => row[i]!.length)))
  const line = (row: readonly string[]) => `| ${row.map((cell, i) => cell.padEnd(widths[i]!)).join(' | ')} |`
  return [
    line(all[0]!),
    `|${widths.map((n) => '-'.repeat(n + 2)).join('|')}|`,
    ...all.slice(1).map(line),
  ].join('\n')
}

async function main(filters: readonly string[]): Promise<number> {
  const layers = layerCases()
  const networks = [...layers, ...presetCases()].filter(
    ({ name, of }) =>
      filters.length === 0 || filters.some((filter) => name.includes(filter) || of === filter),
  )
  const torch = hasPython('torch')
  const h5py = hasPython('h5py')
  for (const [module, there] of [
    ['torch', torch],
    ['h5py', h5py],
  ] as const) {
    if (!there) console.log(`skipped: ${python} has no ${module}, so that its part is left out`)
  }
  const cells: Cell[] = []
  for (let begin = 0; begin < networks.length; begin += AT_ONCE) {
    const folder = mkdtempSync(join(tmpdir(), 'layerloom-parity-'))
    const [cases, files] = [join(folder, 'torch'), join(folder, 'h5')]
    for (const path of [cases, files]) mkdirSync(path)
    try {
      for (const [i, network] of networks.slice(begin, begin + AT_ONCE).entries()) {
        const reference = await referenceOf(network.document, layers.includes(network) ? 1 : 3)
        cells.push(...(await measure(network, reference)))
        if (h5py) await writeH5(join(files, `${begin + i}.h5`), reference)
        if (torch) await writePytorchCase(join(cases, String(begin + i)), reference)
        process.stderr.write(`${begin + i + 1} of ${networks.length}: ${network.name}\n`)
      }
      if (torch) cells.push(...torchCells(cases, networks))
      if (h5py) cells.push(...(await h5Cells(files, networks)))
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  }
  const wrong = cells.filter(
    ({ format, worst, failed }) => failed || (worst ?? 0) > (format === 'pytorch step' ? 1 : OUTPUT),
  )
  console.log(table(cells))
  const reasons = new Map(
    cells.flatMap(({ format, network, refused }) =>
      refused ? [[`${network.name}, ${format}`, refused] as const] : [],
    ),
  )
  for (const [where, reason] of reasons) console.log(`refused: ${where}: ${reason}`)
  for (const { format, network, failed, worst } of wrong) {
    console.log(`wrong: ${network.name}, ${format}: ${failed ?? worst?.toExponential(1)}`)
  }
  return wrong.length === 0 ? 0 : 1
}

process.exitCode = await main(process.argv.slice(2))
