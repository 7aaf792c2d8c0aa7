/**
 * Compares logits with torchvision's (Debian: python3-torchvision): random weights of a fixed seed go out of torchvision
 * as safetensors, into the app by `load --names torchvision`, and both look at the same noise.
 * `npm run parity:torchvision`, or `npm run parity:torchvision -- resnet18,vgg16` for some.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readNpy } from '../core/formats/npy.ts'
import { TORCHVISION_MODELS } from './torchvision-models.ts'

const TOLERANCE = 1e-4
const cli = join(import.meta.dirname, '..', 'electron', 'cli', 'index.ts')
const maker = join(import.meta.dirname, 'golden', 'torchvision_model.py')

const named = process.argv.slice(2).flatMap((list) => list.split(','))
const models = TORCHVISION_MODELS.filter(({ name }) => named.length === 0 || named.includes(name))
if (models.length === 0)
  throw new Error(`no such model: choose among ${TORCHVISION_MODELS.map(({ name }) => name)}`)

console.log('| torchvision | ours | tensors | left over | largest logit | largest difference | |')
console.log('|---|---|---:|---:|---:|---:|---|')
let bad = 0
for (const model of models) {
  const folder = mkdtempSync(join(tmpdir(), 'layerloom-parity-'))
  try {
    const { line, good } = compare(model, folder)
    console.log(line)
    if (!good) bad += 1
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
process.exitCode = bad === 0 ? 0 : 1

function compare({ name, preset, set }: (typeof models)[number], folder: string) {
  run('/usr/bin/python3', [maker, name, folder])
  const out = join(folder, 'run')
  const settings = Object.entries(set).flatMap(([key, value]) => ['--set', `${key}=${value}`])
  const weights = join(folder, 'weights.safetensors')
  const loaded = JSON.parse(
    run(process.execPath, [
      ...[cli, 'load', preset, '--weights', weights, '--names', 'torchvision', ...settings],
      ...['--out', out, '--json'],
    ]),
  ) as { loaded: number; missing: string[]; extra: string[] }
  const rows = JSON.parse(
    run(process.execPath, [cli, 'predict', out, join(folder, 'input.npy'), '--logits', '--json']),
  ) as { logits: number[] }[]
  const expected = readNpy(readFileSync(join(folder, 'logits.npy'))).data
  const actual = rows.flatMap(({ logits }) => logits)
  let largest = 0
  let difference = actual.length === expected.length ? 0 : Number.POSITIVE_INFINITY
  for (const [i, value] of expected.entries()) {
    largest = Math.max(largest, Math.abs(value))
    difference = Math.max(difference, Math.abs(value - actual[i]!))
  }
  const good = difference <= TOLERANCE && loaded.missing.length === 0 && loaded.extra.length === 0
  const ours = [preset, ...Object.entries(set).map(([key, value]) => `${key}=${value}`)].join(' ')
  const cells = [name, ours, loaded.loaded, loaded.missing.length + loaded.extra.length, largest.toFixed(3)]
  return {
    good,
    line: `| ${cells.join(' | ')} | ${difference.toExponential(1)} | ${good ? 'equal' : 'DIFFERENT'} |`,
  }
}

function run(command: string, args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 2 ** 28 })
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed: ${stderr}`)
  if (stderr !== '' && command === process.execPath) process.stderr.write(stderr)
  return stdout
}
