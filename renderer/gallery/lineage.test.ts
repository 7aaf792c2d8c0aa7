import { expect, it } from 'vitest'
import { presets } from '../../presets/index.ts'
import { ancestryOf, kin, lanes, relations } from './lineage.ts'
import { drawingWidth, layTree } from './tree.ts'

it('every family of models stands on the tree, in the year of its papers', () => {
  const families = new Set(kin.flatMap((one) => one.families))
  const missing = presets.filter((preset) => !families.has(preset.family.id)).map((preset) => preset.id)
  // no step of the history: the baseline that convolutions are measured against
  expect(missing).toEqual(['linear-cifar'])
  for (const { families, year } of kin)
    for (const preset of presets.filter(({ family }) => families.includes(family.id)))
      expect([preset.id, preset.year]).toEqual([preset.id, year])
})

it('Wide ResNet descends from LeNet-5, by way of what each took', () => {
  const { models, links } = ancestryOf('wrn')
  expect([...models]).toEqual(['wrn', 'preact', 'resnet', 'plain', 'vgg', 'alexnet', 'lenet'])
  expect(links.size).toBe(6)
  for (const { from, to } of relations) {
    const year = (id: string) => kin.find((one) => one.id === id)!.year
    expect([from, to, year(from) <= year(to)]).toEqual([from, to, true])
  }
  const heirs = new Set(relations.map((relation) => relation.to))
  expect(kin.filter((one) => !heirs.has(one.id)).map((one) => one.id)).toEqual(['lenet'])
})

it('models of a lane do not overlap, however narrow the window', () => {
  for (const [width, height] of [
    [970, 158],
    [1150, 190],
    [2250, 250],
  ] as const) {
    const { spots, rows } = layTree(width, height, 22)
    for (let lane = 0; lane < lanes.length; lane++) {
      const here = kin.filter((one) => one.lane === lane)
      for (const [i, one] of here.entries()) {
        // letters are at most 7 pixels wide, and 4 between drawing and name
        const needed = drawingWidth(width) + 10 + one.name.en.length * 6.6
        const next = here[i + 1]
        const end = next ? spots.get(next.id)!.x : width
        expect([width, one.id, spots.get(one.id)!.x + needed <= end]).toEqual([width, one.id, true])
        expect(spots.get(one.id)!.y).toBe(rows[lane])
      }
    }
  }
})
