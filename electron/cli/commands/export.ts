import { existsSync, mkdirSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type { Command } from 'commander'
import { type ExportedFile, exportFormatOf } from '../../../core/interchange/export/index.ts'
import { type ExportFormatId, exportFormatIds } from '../../../core/protocol/contract.ts'
import { requestOfNetwork, requestOfRun, writeFormat } from '../../trainer/jobs/export.ts'
import { writeAtomically } from '../../trainer/run/atomic.ts'
import { diskError } from '../../trainer/run/disk-error.ts'
import { runPaths } from '../../trainer/run-folder.ts'
import { type DrawingFormat, drawing, drawingFormats } from '../drawing.ts'
import { loadNetwork } from '../network.ts'
import { oneOf, wholeFrom } from '../options.ts'
import { note, printJson } from '../output.ts'

interface Options {
  readonly format: ExportFormatId | DrawingFormat
  readonly out: string
  readonly which: 'best' | 'last'
  readonly seed: number
  readonly json?: boolean
}

const formats = [...exportFormatIds, ...drawingFormats] as const

const isDrawing = (format: string): format is DrawingFormat =>
  (drawingFormats as readonly string[]).includes(format)

/** `export NET_OR_RUN`: weights or the whole network in a form that other programs read. */
export function addExport(program: Command): void {
  program
    .command('export')
    .description('write a trained run, or a network with fresh weights, for other programs')
    .argument('<net-or-run>', "a run's folder, a preset's id or a .layerloom file")
    .requiredOption('--format <name>', formats.join(', '), oneOf(...formats))
    .requiredOption('--out <path>', 'the file to write, or the folder where the format is one')
    .option('--which <checkpoint>', 'of a run: best or last', oneOf('best', 'last'), 'best')
    .option('--seed <n>', 'of fresh weights', wholeFrom(0), 1)
    .option('--json', 'print JSON')
    .action(async (source: string, { format, out, which, seed, json }: Options) => {
      if (isDrawing(format)) {
        const bytes = await drawing(source, format)
        writeFile(out, bytes)
        if (json) printJson({ path: out, format, bytes: bytes.length, files: [basename(out)] })
        else note(`wrote ${out}, ${bytes.length} bytes`)
        return
      }
      const request = existsSync(runPaths(source).record)
        ? requestOfRun(source, which)
        : requestOfNetwork(loadNetwork(source), seed)
      // the one ending that says which of Keras' two files is meant
      const wanted = format === 'keras' && out.endsWith('.h5') ? 'keras-weights' : format
      const files = await writeFormat(request, wanted)
      if (exportFormatOf(wanted).ending === null) writeFolder(out, files)
      else writeFile(out, files[0]!.bytes)
      const bytes = files.reduce((sum, file) => sum + file.bytes.length, 0)
      if (json) printJson({ path: out, format: wanted, bytes, files: files.map(({ path }) => path) })
      else note(`wrote ${out}, ${bytes} bytes`)
    })
}

/** Files of the same names are replaced; others in the folder stay. */
function writeFolder(out: string, files: readonly ExportedFile[]): void {
  for (const { path, bytes } of files) {
    const target = join(out, path)
    try {
      mkdirSync(dirname(target), { recursive: true })
    } catch (error) {
      throw diskError(out, error)
    }
    writeFile(target, bytes)
  }
}

function writeFile(path: string, bytes: Uint8Array): void {
  try {
    writeAtomically(path, bytes)
  } catch (error) {
    throw diskError(path, error)
  }
}
