import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readNpy } from '../../core/formats/npy.ts'
import { ImportError, importNetwork } from '../../core/interchange/import/index.ts'
import type { Cell } from './cell.ts'
import { lackingIn, python, runPython } from './interpreter.ts'
import type { ParityCase } from './networks.ts'
import { executor } from './reference.ts'
import { weightsOf } from './roundtrip.ts'
import { apart } from './tfjs.ts'

/**
 * Models of torchvision, as torch.onnx.export writes them, through our importer: outputs against PyTorch's. Sizes are
 * small where the model allows it. Of a model that holds what there is no layer for, the nodes must be named.
 */
const MODELS: readonly (readonly [name: string, size: number, refused?: string])[] = [
  ['resnet18', 64],
  ['resnext50_32x4d', 64],
  ['vgg11', 224],
  ['densenet121', 64],
  ['googlenet', 64],
  ['squeezenet1_1', 64],
  ['shufflenet_v2_x1_0', 64],
  ['regnet_y_400mf', 64],
  ['efficientnet_b0', 64],
  ['mobilenet_v2', 64, 'Clip'],
  ['mobilenet_v3_small', 64, 'HardSigmoid'],
]

/** In parts of the largest output. */
const BOUND = 1e-4

/** Why torchvision's models can't be imported here; null when they can. */
export const importLacking = (): string | null =>
  lackingIn(python, 'torch') ?? lackingIn(python, 'torchvision')

/** How far the models that `fits` names are from PyTorch's own outputs. */
export async function importCells(
  fits: (name: string) => boolean,
  tell: (name: string) => void,
): Promise<Cell[]> {
  const cells: Cell[] = []
  for (const [name, size, refused] of MODELS.filter(([model]) => fits(model))) {
    const folder = mkdtempSync(join(tmpdir(), 'layerloom-parity-'))
    try {
      runPython(python, 'onnx_models.py', folder, `${name}:${size}`)
      cells.push(await importCell(folder, name, refused))
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
    tell(name)
  }
  return cells
}

async function importCell(folder: string, name: string, refused: string | undefined): Promise<Cell> {
  const network: Pick<ParityCase, 'name' | 'of'> = { name, of: `torchvision ${name}` }
  const cell = { format: 'onnx of torch', network, bound: BOUND } as const
  try {
    const imported = await importNetwork({ name, bytes: readFileSync(join(folder, `${name}.onnx`)) })
    const [input, output] = ['input', 'output'].map((part) =>
      readNpy(readFileSync(join(folder, `${name}.${part}.npy`))),
    )
    const session = await executor.inference(imported.document, input!.shape[0]!)
    await session.setWeights(weightsOf(imported))
    const worst = apart(await session.run(input!.data), output!.data)
    await session.dispose()
    return refused ? { ...cell, failed: `${refused} was not refused` } : { ...cell, worst }
  } catch (error) {
    if (!(error instanceof ImportError)) throw error
    const named = refused !== undefined && error.message.includes(`${refused} "`)
    return { ...cell, ...(named ? { refused: error.message } : { failed: error.message }) }
  }
}
