import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import ort from 'onnxruntime-node'
import { readNetwork } from '../../core/engine/network.ts'
import { readNpz } from '../../core/formats/npz.ts'
import { ExportError, type ExportedFile, exportFormatOf } from '../../core/interchange/export/index.ts'
import { ImportError } from '../../core/interchange/import/index.ts'
import type { ExportFormatId } from '../../core/protocol/contract.ts'
import { type Cell, isWrong, OUTPUT, tableOf } from './cell.ts'
import { layerCases, type ParityCase, presetCases } from './networks.ts'
import { processCells, processesLacking } from './processes.ts'
import { type Reader, readers } from './python.ts'
import { BATCH, type Reference, referenceOf } from './reference.ts'
import { roundTrip } from './roundtrip.ts'
import { apart, tfjsError } from './tfjs.ts'
import { importCells, importLacking } from './torchvision.ts'

/**
 * `npm run parity [-- FILTER...]`: every layer kind and every family of presets through every format, read by the real
 * thing, against the engine's outputs. Prints a table of formats and networks with the worst difference, and what a
 * format refuses; ends with 1 where something is further off than its bound, the table's last row. A FILTER is a part of
 * a network's name or of its kind's or family's. Python's parts need PYTHON (/usr/bin/python3) with torch and h5py, and
 * KERAS_PYTHON with Keras; each is skipped, visibly, without.
 *
 * Besides, models of torchvision come in as ONNX, and the generated training script runs in two processes.
 *
 * Training is compared in float64, in which both sides agree to its rounding; float32 is held against that by the
 * decisions it took, see double.ts.
 */

/** Networks whose files lie on the disk at once. */
const AT_ONCE = 40

async function onnxError(
  [file]: readonly ExportedFile[],
  { request, input, logits }: Reference,
): Promise<number> {
  const session = await ort.InferenceSession.create(file!.bytes, { logSeverityLevel: 3 })
  const shape = [BATCH, ...readNetwork(request.document).inputShape]
  const result = await session.run({ input: new ort.Tensor('float32', input, shape) })
  await session.release()
  return apart(result.logits!.data as Float32Array, logits)
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
  ['onnx back', 'onnx', async (files, reference) => (await roundTrip(files, reference)).error],
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
      cells.push({ format, network, worst: await take(files, reference), bound: OUTPUT })
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error)
      cells.push({
        format,
        network,
        bound: OUTPUT,
        // nodes that no layer is like are named, and nothing is imported
        ...([ExportError, ImportError].some((type) => error instanceof type)
          ? { refused: message }
          : { failed: message }),
      })
    }
  }
  return cells
}

/** A part of the networks through everything. */
async function through(
  networks: readonly ParityCase[],
  asked: readonly Reader[],
  tell: (network: ParityCase) => void,
): Promise<Cell[]> {
  const folder = mkdtempSync(join(tmpdir(), 'layerloom-parity-'))
  const place = ({ name }: Reader) => join(folder, name)
  const cells: Cell[] = []
  try {
    for (const reader of asked) mkdirSync(place(reader))
    for (const [i, network] of networks.entries()) {
      const reference = await referenceOf(network.document)
      cells.push(...(await measure(network, reference)))
      for (const reader of asked) await reader.write(place(reader), String(i), reference)
      tell(network)
    }
    for (const reader of asked)
      cells.push(...(await reader.read(place(reader), (at) => networks[Number(at)]!)))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
  return cells
}

async function main(filters: readonly string[]): Promise<number> {
  const fits = (name: string, of = name) =>
    filters.length === 0 || filters.some((filter) => name.includes(filter) || of === filter)
  const networks = [...layerCases(), ...presetCases()].filter(({ name, of }) => fits(name, of))
  const all = readers()
  const parts = [
    ...all,
    { name: 'onnx of torch', lacking: importLacking() },
    { name: 'two processes', lacking: processesLacking() },
  ]
  for (const { name, lacking } of parts) if (lacking) console.log(`skipped: ${name}: ${lacking}`)
  const asked = all.filter(({ lacking }) => lacking === null)
  const cells: Cell[] = []
  let done = 0
  const tell = (name: string) => void process.stderr.write(`${++done}: ${name}\n`)
  for (let begin = 0; begin < networks.length; begin += AT_ONCE) {
    const some = networks.slice(begin, begin + AT_ONCE)
    cells.push(...(await through(some, asked, ({ name }) => tell(name))))
  }
  if (!importLacking()) cells.push(...(await importCells(fits, tell)))
  if (!processesLacking() && fits('torchrun')) cells.push(...(await processCells()))
  console.log(tableOf(cells))
  for (const [where, reason] of refusals(cells)) console.log(`refused: ${where}: ${reason}`)
  const wrong = cells.filter(isWrong)
  for (const { format, network, failed, worst, bound } of wrong) {
    console.log(`wrong: ${network.name}, ${format}: ${failed ?? `${worst?.toExponential(1)}, over ${bound}`}`)
  }
  return wrong.length === 0 ? 0 : 1
}

const refusals = (cells: readonly Cell[]): ReadonlyMap<string, string> =>
  new Map(
    cells.flatMap(({ format, network, refused }) =>
      refused ? [[`${network.name}, ${format}`, refused] as const] : [],
    ),
  )

process.exitCode = await main(process.argv.slice(2))
