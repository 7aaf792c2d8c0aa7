import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { readNetwork } from '../../core/engine/network.ts'
import { readSafetensors, writeSafetensors } from '../../core/formats/safetensors.ts'
import { pytorch } from '../../core/interchange/export/pytorch.ts'
import { OWN_NAMES } from '../../core/interchange/names/exported.ts'
import { BATCH, type Reference } from './reference.ts'

/** Writes what pytorch_cases.py reads: the exported folder, and what the engine makes of the same batches. */
export async function writePytorchCase(dir: string, { request, trials }: Reference): Promise<void> {
  rmSync(dir, { recursive: true, force: true })
  mkdirSync(dir, { recursive: true })
  const files = await pytorch.write(request)
  for (const { path, bytes } of files) writeFileSync(join(dir, path), bytes)
  const { metadata } = readSafetensors(files.find(({ path }) => path.endsWith('.safetensors'))!.bytes)
  const names = Object.entries(JSON.parse(metadata[OWN_NAMES]!) as Record<string, string>)
  const theirs = new Map(names.map(([name, own]) => [own, name]))
  const { inputShape, classes } = readNetwork(request.document)
  const { slots } = request.layout
  const arrays = trials.flatMap(({ input, labels, logits, stepped }, i) => [
    { name: `${i}/input`, shape: [BATCH, ...inputShape], data: input },
    { name: `${i}/labels`, shape: [BATCH], data: labels },
    { name: `${i}/logits`, shape: [BATCH, classes], data: logits },
    ...(stepped
      ? slots.map(({ name, shape, offset, size }) => ({
          name: `${i}/after/${theirs.get(name)}`,
          shape,
          data: stepped.subarray(offset, offset + size),
        }))
      : []),
  ])
  writeFileSync(join(dir, 'expected.safetensors'), writeSafetensors(arrays))
}
