import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { readNetwork } from '../../core/engine/network.ts'
import { readSafetensors, writeSafetensors } from '../../core/formats/safetensors.ts'
import { pytorch } from '../../core/interchange/export/pytorch.ts'
import { OWN_NAMES } from '../../core/interchange/names/exported.ts'
import type { DoubleStep } from './double.ts'
import { BATCH, type Reference } from './reference.ts'

/**
 * Writes what pytorch_cases.py reads: the exported folder, and what the engine makes of the same batch, in float32 and,
 * where there is a step, in float64.
 */
export async function writePytorchCase(
  dir: string,
  { request, input, labels, logits, stepped }: Reference,
  double: DoubleStep | null,
): Promise<void> {
  rmSync(dir, { recursive: true, force: true })
  mkdirSync(dir, { recursive: true })
  const files = await pytorch.write(request)
  for (const { path, bytes } of files) writeFileSync(join(dir, path), bytes)
  const { metadata } = readSafetensors(files.find(({ path }) => path.endsWith('.safetensors'))!.bytes)
  const names = Object.entries(JSON.parse(metadata[OWN_NAMES]!) as Record<string, string>)
  const theirs = new Map(names.map(([name, own]) => [own, name]))
  const { inputShape, classes } = readNetwork(request.document)
  const { slots } = request.layout
  const arrays = [
    { name: 'input', shape: [BATCH, ...inputShape], data: input },
    { name: 'labels', shape: [BATCH], data: labels },
    { name: 'logits', shape: [BATCH, classes], data: logits },
    ...slots.flatMap(({ name, shape, offset, size }) =>
      stepped
        ? [{ name: `after/${theirs.get(name)}`, shape, data: stepped.subarray(offset, offset + size) }]
        : [],
    ),
  ]
  writeFileSync(join(dir, 'expected.safetensors'), writeSafetensors(arrays))
  if (double === null) return
  const exact = slots.map(({ name, shape, offset, size }) => ({
    name: theirs.get(name)!,
    shape,
    data: double.moved.subarray(offset, offset + size),
  }))
  writeDoubles(dir, [{ name: 'logits', shape: [BATCH, classes], data: double.logits }, ...exact])
}

interface Doubles {
  readonly name: string
  readonly shape: readonly number[]
  readonly data: Float64Array
}

/** Arrays one after the other, and a list of their names and shapes. */
function writeDoubles(dir: string, arrays: readonly Doubles[]): void {
  const list = arrays.map(({ name, shape }) => [name, shape])
  writeFileSync(join(dir, 'double.json'), JSON.stringify(list))
  const bytes = arrays.map(({ data }) => Buffer.from(data.buffer, data.byteOffset, data.byteLength))
  writeFileSync(join(dir, 'double.bin'), Buffer.concat(bytes))
}
