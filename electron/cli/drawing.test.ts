import { expect, it } from 'vitest'
import { drawing } from './drawing.ts'

const size = (png: Uint8Array) => {
  const view = new DataView(png.buffer, png.byteOffset)
  return [view.getUint32(16), view.getUint32(20)]
}

it('writes the drawing of a deep network as an SVG of its closed blocks', async () => {
  const svg = new TextDecoder().decode(await drawing('resnet-152', 'svg'))
  for (const each of ['conv4_x', '×35', '2048×7×7']) expect(svg).toContain(each)
  expect(svg.match(/<text/g)!.length).toBeLessThan(120)
})

it('writes a PNG of twice the size', async () => {
  const svg = new TextDecoder().decode(await drawing('lenet5', 'svg'))
  const [, width, height] = /width="(\d+)" height="(\d+)"/.exec(svg)!
  const png = await drawing('lenet5', 'png')
  expect(new TextDecoder('latin1').decode(png.subarray(1, 4))).toBe('PNG')
  expect(size(png)).toEqual([2 * Number(width), 2 * Number(height)])
})

it('says which networks there are when there is none of that name', async () => {
  await expect(drawing('resnet-153', 'svg')).rejects.toThrow(
    'there is no preset and no file named resnet-153',
  )
})
