import { existsSync } from 'node:fs'
import type { Command } from 'commander'
import { exportNetwork, exportRun } from '../../trainer/jobs/export.ts'
import { writeAtomically } from '../../trainer/run/atomic.ts'
import { diskError } from '../../trainer/run/disk-error.ts'
import { runPaths } from '../../trainer/run-folder.ts'
import { loadNetwork } from '../network.ts'
import { oneOf, wholeFrom } from '../options.ts'
import { note, printJson } from '../output.ts'

interface Options {
  readonly format: 'safetensors' | 'onnx'
  readonly out: string
  readonly which: 'best' | 'last'
  readonly seed: number
  readonly json?: boolean
}

/** `export NET_OR_RUN`: weights or the whole network as a file that other programs read. */
export function addExport(program: Command): void {
  program
    .command('export')
    .description('write a trained run, or a network with fresh weights, for other programs')
    .argument('<net-or-run>', "a run's folder, a preset's id or a .layerloom file")
    .requiredOption('--format <name>', 'safetensors or onnx', oneOf('safetensors', 'onnx'))
    .requiredOption('--out <path>', 'the file to write')
    .option('--which <checkpoint>', 'of a run: best or last', oneOf('best', 'last'), 'best')
    .option('--seed <n>', 'of fresh weights', wholeFrom(0), 1)
    .option('--json', 'print JSON')
    .action(async (source: string, { format, out, which, seed, json }: Options) => {
      const { bytes } = existsSync(runPaths(source).record)
        ? await exportRun(source, format, which)
        : await exportNetwork(loadNetwork(source), format, seed)
      try {
        writeAtomically(out, bytes)
      } catch (error) {
        throw diskError(out, error)
      }
      if (json) printJson({ path: out, format, bytes: bytes.length })
      else note(`wrote ${out}, ${bytes.length} bytes`)
    })
}
