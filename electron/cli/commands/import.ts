import type { Command } from 'commander'
import { writeSafetensors } from '../../../core/formats/safetensors.ts'
import { serializeDocument } from '../../../core/network/document.ts'
import { importFile } from '../../trainer/jobs/import.ts'
import { writeAtomically } from '../../trainer/run/atomic.ts'
import { diskError } from '../../trainer/run/disk-error.ts'
import { note, printJson } from '../output.ts'

interface Options {
  readonly out: string
  readonly weights?: string
  readonly json?: boolean
}

/** `import FILE --out FILE`: a network of another program as a document, and its weights as safetensors. */
export function addImport(program: Command): void {
  program
    .command('import')
    .description('make a network document of a file of another program')
    .argument('<file>', 'an ONNX file, or a Keras or TensorFlow.js model')
    .requiredOption('--out <file>', 'the .layerloom file to write')
    .option('--weights <file>', 'the safetensors file to write its weights to, for "load"')
    .option('--json', 'print JSON')
    .action(async (file: string, { out, weights: weightsFile, json }: Options) => {
      const { document, weights, notes } = await importFile(file)
      for (const line of notes) note(`note: ${line.en}`)
      write(out, serializeDocument(document))
      if (weightsFile) write(weightsFile, writeSafetensors(weights, { network: document.name }))
      if (json) {
        printJson({
          ...{
            path: out,
            weights: weightsFile ?? null,
            layers: document.layers.length,
            tensors: weights.length,
          },
          notes: notes.map(({ en }) => en),
        })
        return
      }
      note(`wrote ${out}, ${document.layers.length} layers`)
      if (weightsFile) note(`wrote ${weightsFile}, ${weights.length} weights`)
      else if (weights.length > 0) note(`left out ${weights.length} weights: add --weights FILE to keep them`)
    })
}

function write(path: string, content: Uint8Array | string): void {
  try {
    writeAtomically(path, content)
  } catch (error) {
    throw diskError(path, error)
  }
}
