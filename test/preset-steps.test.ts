import * as ort from 'onnxruntime-node'
import { describe, expect, it } from 'vitest'
import { analyze } from '../core/analysis/analyze.ts'
import { presets } from '../presets/index.ts'
import { twoSteps } from '../scripts/preset-steps.ts'

/** What one sample may take here; the rest is checked by `npm run check:presets -- --all`. */
const MOST = { macs: 3e9, trainable: 20e6, depth: 200 }

const light = presets.filter((preset) => {
  const { totals } = analyze(preset.build())
  return totals.macs <= MOST.macs && totals.trainable <= MOST.trainable && totals.depth <= MOST.depth
})

describe('two training steps at the size of the paper', () => {
  it('are taken by networks of every kind', () => {
    const families = new Set(light.map(({ family }) => family.id))
    expect(light.length).toBeGreaterThan(15)
    expect([...families]).toEqual(expect.arrayContaining(['googlenet', 'resnet', 'm5']))
  })

  it.each(light.map((preset) => [preset.id, preset] as const))('%s', async (_, preset) => {
    const report = await twoSteps(ort, preset, 2)
    expect(report.losses).toEqual([expect.any(Number), expect.any(Number)])
    expect(report.losses.every(Number.isFinite)).toBe(true)
    expect(report.tensors).toBeGreaterThan(0)
    expect(report).toMatchObject({ notFinite: [], zero: [] })
  })
})
