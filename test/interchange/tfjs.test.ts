import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { analyze } from '../../core/analysis/index.ts'
import { ExportError } from '../../core/interchange/export/index.ts'
import { requestOf } from '../../core/interchange/export/testing.ts'
import { tfjs } from '../../core/interchange/export/tfjs.ts'
import { kinds } from '../../core/layers/index.ts'
import type { NetworkDocument } from '../../core/network/schema.ts'
import { presetOf } from '../../presets/index.ts'
import { layerCases } from '../../scripts/parity/networks.ts'
import { referenceOf } from '../../scripts/parity/reference.ts'
import { tfjsError } from '../../scripts/parity/tfjs.ts'

/** In parts of the largest output. */
const FLOAT32 = 1e-5

/** Kinds that TensorFlow.js' layers have no words for, whatever the parameters. */
const REFUSED = ['groupnorm', 'instancenorm', 'lrn', 'partial-conv2d', 'rbf']

/** Smallest first: TensorFlow.js' plain JavaScript takes a minute for the larger ones. */
const examplesOf = (kind: string) =>
  layerCases()
    .filter((row) => row.of === kind)
    .toSorted((a, b) => sizeOf(a.document) - sizeOf(b.document))

const sizeOf = (document: NetworkDocument): number => analyze(document).totals.macs

beforeAll(() => {
  // an advertisement of its faster sibling
  vi.spyOn(console, 'warn').mockImplementation(() => {})
})
afterAll(() => {
  vi.restoreAllMocks()
})

describe('layers models by TensorFlow.js itself give the outputs of the engine', () => {
  const rest = kinds.filter(({ kind }) => kind !== 'input' && !REFUSED.includes(kind))
  test.each(rest.map(({ kind }) => kind))('%s', async (kind) => {
    const written = examplesOf(kind).find(({ document }) => canWrite(document))
    expect(written, 'an example that can be written').toBeDefined()
    const reference = await referenceOf(written!.document)
    expect(await tfjsError(await tfjs.write(reference.request), reference)).toBeLessThan(FLOAT32)
  })

  test('a residual network with shortcuts of zeros', async () => {
    const reference = await referenceOf(presetOf('resnet-20-cifar')!.build({ size: 8 }))
    expect(await tfjsError(await tfjs.write(reference.request), reference)).toBeLessThan(FLOAT32)
  })
})

test.each(REFUSED)('%s is refused by name', (kind) => {
  for (const { document } of examplesOf(kind)) expect(canWrite(document)).toBe(false)
})

function canWrite(document: NetworkDocument): boolean {
  try {
    tfjs.write(requestOf(document))
    return true
  } catch (error) {
    if (error instanceof ExportError) return false
    throw error
  }
}
