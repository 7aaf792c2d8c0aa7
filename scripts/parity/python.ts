import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { readNetwork } from '../../core/engine/network.ts'
import { readHdf5 } from '../../core/formats/hdf5.ts'
import { writeNpy } from '../../core/formats/npy.ts'
import { readZip } from '../../core/formats/zip.ts'
import { ExportError, exportFormatOf } from '../../core/interchange/export/index.ts'
import { type Cell, OUTPUT } from './cell.ts'
import { type DoubleStep, doubleStep } from './double.ts'
import { kerasPython, lackingIn, python, runPython } from './interpreter.ts'
import type { ParityCase } from './networks.ts'
import { writePytorchCase } from './pytorch.ts'
import { BATCH, RATE, type Reference } from './reference.ts'
import { outputsOf } from './tfjs.ts'

/** Readers that are Python packages. Each leaves files for its script, network by network, and then runs it once. */
export interface Reader {
  readonly name: string
  /** Why it can't be asked here; null when it can. */
  readonly lacking: string | null
  /** Leaves what its script reads in a folder of that number. */
  write(folder: string, at: string, reference: Reference): Promise<void>
  /** What the script says of all that lies there. */
  read(folder: string, networkOf: (at: string) => ParityCase): Promise<Cell[]>
}

/** Float64 leaves about 1e-13 of networks with hundreds of layers. */
const DOUBLE = 1e-11
/** A step of float32 by the same decisions, in parts of each tensor's way... */
const STEP = 1e-4
/** ...or so many times what the network makes of rounding its images and weights once, see `DoubleStep.unit`. */
const ROUNDINGS = 10
/** The difference that a turned decision hangs on, in parts of its tensor's largest value. */
const NOISE = 1e-5

interface TorchRow {
  readonly case: string
  readonly output?: number
  readonly step?: number
  readonly own?: number
  readonly double?: number
  readonly error?: string
}

/** Generated PyTorch, with its float64 step against ours, and our float32 step against our float64 one. */
function torch(): Reader {
  const doubles = new Map<string, DoubleStep>()
  return {
    name: 'pytorch',
    lacking: lackingIn(python, 'torch'),
    async write(folder, at, reference) {
      const { request, input: images, labels, stepped } = reference
      const double =
        stepped && (await doubleStep(request.document, request.weights, { images, labels }, RATE))
      if (double) doubles.set(at, double)
      await writePytorchCase(join(folder, at), reference, double)
    },
    async read(folder, networkOf) {
      const rows = runPython<TorchRow>(python, 'pytorch_cases.py', folder, String(RATE))
      const cells = rows.flatMap((row) => torchCells(row, networkOf(row.case), doubles.get(row.case)))
      doubles.clear()
      return cells
    },
  }
}

function torchCells(row: TorchRow, network: ParityCase, double: DoubleStep | undefined): Cell[] {
  if (row.error) return [{ format: 'pytorch', network, failed: row.error, bound: OUTPUT }]
  const cells: Cell[] = [{ format: 'pytorch', network, worst: row.output!, bound: OUTPUT }]
  if (!double) return cells
  const { count, widest } = double.turned
  // where a decision turned on either side, the two float32 steps follow different paths
  const same = count === 0 && row.own! <= STEP
  return [
    ...cells,
    { format: 'step, float64', network, worst: row.double!, bound: DOUBLE },
    {
      ...{ format: 'step, float32', network, worst: double.rounding },
      bound: Math.max(STEP, ROUNDINGS * double.unit),
    },
    {
      ...{ format: 'turned by', network, worst: widest, bound: NOISE },
      ...(count > 0 ? { note: `(${count})` } : {}),
    },
    {
      ...{
        format: 'float32 of both',
        network,
        worst: row.step!,
        bound: same ? STEP : Number.POSITIVE_INFINITY,
      },
      ...(same ? {} : { note: 'turned' }),
    },
  ]
}

/** Files for Keras; nothing where the format refuses the network. */
async function kerasFile({ request }: Reference): Promise<Uint8Array | null> {
  try {
    const [file] = await exportFormatOf('keras').write(request)
    return file!.bytes
  } catch (error) {
    if (error instanceof ExportError) return null
    throw error
  }
}

interface H5Row {
  readonly arrays: Readonly<Record<string, readonly [shape: number[], sum: number, weighted: number]>>
}

/** Arrays of Keras files by h5py: shapes, and sums of values times their place, against what was written. */
const h5py: Reader = {
  name: 'keras h5py',
  lacking: lackingIn(python, 'h5py'),
  async write(folder, at, reference) {
    const bytes = await kerasFile(reference)
    const weights = bytes && readZip(bytes, at).find((entry) => entry.path === 'model.weights.h5')!
    if (weights) writeFileSync(join(folder, at), weights.read())
  },
  async read(folder, networkOf) {
    const files = readdirSync(folder)
    if (files.length === 0) return []
    const rows = runPython<H5Row>(python, 'h5_arrays.py', ...files.map((file) => join(folder, file)))
    return Promise.all(files.map((file, i) => h5Cell(join(folder, file), networkOf(file), rows[i]!)))
  },
}

async function h5Cell(path: string, network: ParityCase, row: H5Row): Promise<Cell> {
  const { arrays } = await readHdf5(readFileSync(path), path)
  let worst = 0
  for (const { path: name, shape, data } of arrays) {
    const theirs = row.arrays[name]
    if (theirs?.[0].join() !== shape.join()) {
      return { format: 'keras h5py', network, failed: `${name} differs`, bound: OUTPUT }
    }
    const values = Array.from(data)
    const weighted = values.reduce((sum, value, at) => sum + (value * (at + 1)) / values.length, 0)
    const scale = values.reduce((sum, value) => sum + Math.abs(value), 1e-30)
    worst = Math.max(worst, Math.abs(weighted - theirs[2]) / scale)
  }
  return { format: 'keras h5py', network, worst, bound: OUTPUT }
}

interface KerasRow {
  readonly case: string
  readonly output?: number
  readonly error?: string
}

/** Outputs of Keras itself. */
const keras: Reader = {
  name: 'keras',
  lacking: kerasPython ? lackingIn(kerasPython, 'keras') : 'KERAS_PYTHON names no Python that has Keras',
  async write(folder, at, reference) {
    const bytes = await kerasFile(reference)
    if (!bytes) return
    const { request, input, logits } = reference
    const { inputShape, classes } = readNetwork(request.document)
    const outputs = outputsOf(request.document, logits)
    mkdirSync(join(folder, at))
    writeFileSync(join(folder, at, 'model.keras'), bytes)
    writeFileSync(join(folder, at, 'input.npy'), writeNpy({ shape: [BATCH, ...inputShape], data: input }))
    writeFileSync(join(folder, at, 'expected.npy'), writeNpy({ shape: [BATCH, classes], data: outputs }))
  },
  read: async (folder, networkOf) =>
    runPython<KerasRow>(kerasPython!, 'keras_cases.py', folder).map((row) => ({
      ...{ format: 'keras', network: networkOf(row.case), bound: OUTPUT },
      ...(row.error ? { failed: row.error } : { worst: row.output! }),
    })),
}

/** All of them, in the order of the table. */
export const readers = (): readonly Reader[] => [torch(), keras, h5py]
