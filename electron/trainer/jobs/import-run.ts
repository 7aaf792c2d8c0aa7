import { writeFileSync } from 'node:fs'
import { writeSafetensors } from '../../../core/formats/safetensors.ts'
import { ImportError, type Imported } from '../../../core/interchange/import/index.ts'
import { text } from '../../../core/network/text.ts'
import type { Response } from '../../../core/protocol/contract.ts'
import { TrainingError } from '../../../core/training/error.ts'
import { importFile } from './import.ts'
import { loadWeights } from './load.ts'

interface Options {
  /** Path of the file, in a folder of its own. */
  readonly file: string
  /** What messages and the run call it. */
  readonly called: string
  /** Folder of the run's folder. */
  readonly runsDir: string
}

/**
 * A network of another program, and a run that holds its weights where it has any and can be run.
 * @throws TrainingError `bad-network` with what the importer says, FormatError
 */
export async function importRun({ file, called, runsDir }: Options): Promise<Response<'network.import'>> {
  const { document, weights, notes } = await read(file, called)
  const found = { document, notes: [...notes], runId: null }
  if (weights.length === 0) return found
  const own = `${file}.safetensors`
  writeFileSync(own, writeSafetensors(weights, { network: document.name }))
  try {
    const { run } = await loadWeights({ document, file: own, called, naming: 'own', partial: false, runsDir })
    return { ...found, runId: run.record.runId }
  } catch (error) {
    // a part of a network is worth having too
    if (!(error instanceof TrainingError && error.text)) throw error
    const { en, ko } = error.text
    const note = text(`Its weights were not kept. ${en}`, `가중치는 보관하지 못했습니다. ${ko}`)
    return { ...found, notes: [...notes, note] }
  }
}

async function read(file: string, called: string): Promise<Imported> {
  try {
    return await importFile(file, called)
  } catch (error) {
    if (error instanceof ImportError) throw new TrainingError('bad-network', error.text)
    throw error
  }
}
