import { expect, it } from 'vitest'
import { presetOf } from '../../presets/index.ts'
import { analyze } from '../analysis/analyze.ts'
import { applyCommand, commands } from '../commands/index.ts'
import { drawFigure } from './figure.ts'

const network = presetOf('resnet-20-cifar')!.build()
const groupOf = (name: string) => network.groups.find((group) => group.name === name)!.id
const texts = (svg: string) => [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map((match) => match[1])

it('shows closed blocks with their weights, and the shape on every connection', () => {
  const { svg, width, height } = drawFigure(network)
  expect(texts(svg)).toEqual(expect.arrayContaining(['conv3_x', '×2', '51,072', '32×16×16', 'Dense']))
  expect(texts(svg)).not.toContain('conv3_1')
  expect([width > 300, height > 100]).toEqual([true, true])
})

it('opens blocks in place, or shows the inside of one', () => {
  const open = drawFigure(network, { opened: [groupOf('conv3_x')] })
  expect(texts(open.svg)).toEqual(expect.arrayContaining(['conv3_x', 'conv3_1', 'conv3_2', 'conv3_3']))
  const inside = texts(drawFigure(network, { scope: groupOf('conv3_2'), language: 'ko' }).svg)
  expect(inside).toContain('배치 정규화')
  expect(inside).not.toContain('Dense')
  // what feeds it, and what it feeds
  expect(inside.filter((each) => /^conv3_[13]/.test(each ?? ''))).toHaveLength(2)
})

it('cuts names between letters, never through one', () => {
  const layer = network.layers.find(({ name }) => name === 'conv1')!.id
  const { document } = applyCommand(network, commands.renameLayer, { layer, name: '𝒲'.repeat(40) })
  const { svg } = drawFigure(document)
  expect(texts(svg).find((each) => each?.startsWith('𝒲'))).toMatch(/^(𝒲)+…$/u)
  // no half of a letter beside the other's place
  expect(svg).not.toMatch(/\p{Surrogate}/u)
})

it('is well-formed whatever layers are called', () => {
  const layer = network.layers.find(({ name }) => name === 'conv1')!.id
  const { document } = applyCommand(network, commands.renameLayer, { layer, name: '<&"합성곱' })
  const { svg } = drawFigure(document)
  expect(svg).toContain('&lt;&amp;')
  expect(svg.replace(/<[^<>]*>/g, '')).not.toMatch(/[<>]/)
  expect(analyze(document).issues.filter(({ severity }) => severity === 'error')).toEqual([])
})
