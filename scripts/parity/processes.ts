import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { initialWeights, layoutOf } from '../../core/engine/layout.ts'
import { readSafetensors } from '../../core/formats/safetensors.ts'
import { pytorch } from '../../core/interchange/export/pytorch.ts'
import { defaultRecipe } from '../../core/training/config.ts'
import { presetOf } from '../../presets/index.ts'
import type { Cell } from './cell.ts'
import { lackingIn, python } from './interpreter.ts'
import { apart } from './tfjs.ts'

/**
 * The generated training script in one process, and in two that torchrun starts and gloo joins over the loopback. Both
 * share the same batches, so that their weights must agree at the end; and the loss must have fallen.
 */

/** Of weights after some epochs, in parts of the largest one. */
const BOUND = 1e-4
const EPOCHS = 12

const NETWORK = { name: 'train.py', of: 'torchrun' }

/** Why two processes can't be tried here; null when they can. */
export const processesLacking = (): string | null => lackingIn(python, 'torch.distributed.run')

/** How far two processes are from one, over the epochs of a run; or what failed. */
export async function processCells(): Promise<Cell[]> {
  const folder = mkdtempSync(join(tmpdir(), 'layerloom-parity-'))
  const cell = { format: 'two processes', network: NETWORK, bound: BOUND }
  try {
    await writeScript(folder)
    const alone = train(folder, 'one', [])
    // torchrun 1.13 fails over its own default of --redirects under Python 3.11
    const torchrun = ['-m', 'torch.distributed.run', '--standalone', '--nproc_per_node', '2']
    const together = train(folder, 'two', [...torchrun, '--redirects', '2', '--tee', '1'])
    const [first = 0, last = 0] = [together.losses[0], together.losses.at(-1)]
    const note = `loss ${first} to ${last}`
    if (together.losses.length !== EPOCHS || !(last < 0.8 * first)) {
      return [{ ...cell, failed: `the loss does not fall: ${together.losses.join(', ')}` }]
    }
    const worst = Math.max(...together.weights.map(({ data }, i) => apart(data, alone.weights[i]!.data)))
    return [{ ...cell, worst, note }]
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function writeScript(folder: string): Promise<void> {
  const document = presetOf('lenet5-modern')!.build({})
  const layout = layoutOf(document)
  const recipe = { ...defaultRecipe, optimizer: 'sgd', epochs: EPOCHS, batch: 32 } as const
  const weights = initialWeights(document, 7)
  for (const { path, bytes } of await pytorch.write({
    document,
    layout,
    weights,
    recipe,
    seed: 7,
    data: null,
  })) {
    writeFileSync(join(folder, path), bytes)
  }
}

/** Runs the script; gives the loss of each epoch, and the weights it saves. */
function train(folder: string, out: string, launcher: readonly string[]) {
  const options = ['--data', 'random', '--limit', '128', '--validation', '0', '--lr', '0.05', '--out', out]
  const { stdout, stderr, status } = spawnSync(python, [...launcher, 'train.py', ...options], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, OMP_NUM_THREADS: '1' },
  })
  if (status !== 0) throw new Error(`train.py in ${out}: ${stderr.slice(-600)}`)
  const losses = [...stdout.matchAll(/epoch \d+ {2}loss ([\d.]+)/g)].map(([, loss]) => Number(loss))
  const { tensors } = readSafetensors(readFileSync(join(folder, out, 'trained.safetensors')))
  return { losses, weights: tensors }
}
