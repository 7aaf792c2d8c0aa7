import { describe, expect, it } from 'vitest'
import { type ChartPicture, chartFigure, niceTicks } from './chart-figure.ts'

const picture: ChartPicture = {
  title: 'Loss <of "it">',
  subtitle: 'net & digits',
  xLabel: 'Step',
  log: false,
  xMax: 100,
  yRange: [0, 2],
  lines: [
    { role: 'raw', name: '', colour: '#111111', x: [0, 50, 100], y: [2, Number.NaN, 0] },
    { role: 'validation', name: 'validation', colour: '#222222', x: [0, 100], y: [2, 0] },
  ],
  best: { x: 100, y: 0, label: 'best 0', colour: '#222222' },
  colours: { surface: '#ffffff', text: '#000000', note: '#555555', grid: '#eeeeee' },
  font: '"A", sans-serif',
  xText: String,
  yText: String,
}
const paths = (svg: string) => [...svg.matchAll(/<path d="(M[^"]*)" stroke="#(1|2)/g)].map((m) => m[1])

describe('a chart as a picture', () => {
  const { svg } = chartFigure(picture)

  it('draws every line to scale, without what is no number', () => {
    expect(paths(svg)).toContain('M72.0 92.0L932.0 478.0')
    expect(paths(svg).filter((d) => d === 'M72.0 92.0L932.0 478.0')).toHaveLength(2)
  })

  it('has its title, legend, axes and the best epoch, and stays a file that can be read', () => {
    for (const text of [
      'Loss &#60;of &#34;it&#34;>'.replace('>', '&#62;'),
      'net &#38; digits',
      'Step',
      'best 0',
    ])
      expect(svg).toContain(`>${text}</text>`)
    expect(svg.match(/>validation</g)).toHaveLength(1)
    for (const tick of ['0', '0.5', '1', '1.5', '2', '20', '100']) expect(svg).toContain(`>${tick}</text>`)
  })

  it('puts powers of ten at equal distances on a log axis', () => {
    const log = chartFigure({ ...picture, log: true, yRange: [0.01, 1], lines: [], best: null }).svg
    const ys = [...log.matchAll(/<path d="M72 ([\d.]+)H/g)].map((m) => Number(m[1]))
    expect(ys).toEqual([478, 285, 92])
  })
})

it('finds round numbers', () => {
  expect(niceTicks(0, 2.13, 5)).toEqual([0, 0.5, 1, 1.5, 2])
  expect(niceTicks(0.5, 1, 5)).toEqual([0.5, 0.6, 0.7, 0.8, 0.9, 1])
  expect(niceTicks(0, 3, 8)).toEqual([0, 0.5, 1, 1.5, 2, 2.5, 3])
})
