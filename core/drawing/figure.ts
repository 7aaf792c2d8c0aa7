import { analyze } from '../analysis/analyze.ts'
import { placeBlocks } from '../commands/placeBlocks.ts'
import { repeatsOf } from '../commands/repeats.ts'
import { blocksOf, membersOf } from '../network/blocks.ts'
import type { Layer, NetworkDocument } from '../network/schema.ts'
import type { Text } from '../network/text.ts'
import { endsOf, type Flow, flowsOf, router } from './flows.ts'
import { type Gate, gatesOf } from './gates.ts'
import { boundsOf, FRAME_HEAD, type Item, type Placement, placementOf } from './placement.ts'
import type { Box } from './route.ts'
import { type Anatomy, anatomyOf, BLOCK, HEADER, PORT_LINE, shortTitle, writeValue } from './size.ts'

export interface Figure {
  /** A whole SVG document: white paper, no fonts of its own. */
  readonly svg: string
  /** In pixels at 96 to the inch. */
  readonly width: number
  readonly height: number
}
export interface FigureOptions {
  readonly language?: keyof Text
  /** Inside of which block, and which blocks are open in place; the whole with all closed where absent. */
  readonly scope?: string | null
  readonly opened?: readonly string[]
}

/** Ink and fill of each category on white; fills are light, so that black text on them is read in print too. */
const COLOURS: Readonly<Record<string, readonly [ink: string, fill: string]>> = {
  input: ['#565d68', '#eceef0'],
  conv: ['#9a6b10', '#fbf0da'],
  pool: ['#b0360a', '#fde7de'],
  norm: ['#08705d', '#def3ee'],
  activation: ['#077236', '#e1f3e4'],
  dense: ['#7d499d', '#f1e8f7'],
  merge: ['#004f6d', '#ddeef4'],
  regularization: ['#6d3046', '#f9e9f1'],
  output: ['#bc2569', '#fde4ee'],
  block: ['#4a5b96', '#e9edf9'],
  unknown: ['#5f6975', '#f3f4f6'],
}
const [INK, FAINT, LINE] = ['#16191d', '#59636f', '#3d4650']
const MARGIN = 24
const FONT = "Helvetica, Arial, 'Pretendard', 'Noto Sans KR', 'Noto Sans CJK KR', sans-serif"

/**
 * Draws a network as a figure for a paper: what the canvas shows, on white, with the shape that flows through every
 * connection. Blocks are closed unless said otherwise. Everything is in the SVG itself; text is text.
 */
export function drawFigure(network: NetworkDocument, options: FigureOptions = {}): Figure {
  const { language = 'en', scope = null, opened = [] } = options
  const sizes = { layer: anatomyOf, block: BLOCK, room: { width: 1100, height: 620 } }
  const document = placeBlocks(network, sizes)
  const placement = placementOf(document, scope, opened)
  const boxes = new Map([...placement.items.values()].map((item) => [item.id, item.box]))
  const flows = flowsOf(placement, analyze(document))
  const gates = gatesOf(flows, boxes, placement)
  const wires = wiresOf(placement, flows, boxes, gates)
  const around = [...gates, ...placement.comments].map(({ box }) => box)
  const seen = boundsOf([...boxes.values(), ...around, ...wires.boxes])
  const parts = [
    ...placement.comments.map(({ comment, box }) => commentOf(comment.text, box)),
    ...[...placement.items.values()]
      .filter(({ type }) => type === 'frame')
      .map((item) => frameOf(item, document)),
    ...wires.lines,
    ...gates.map(gateOf),
    ...[...placement.items.values()]
      .filter(({ type }) => type !== 'frame')
      .map((item) => (item.type === 'block' ? blockOf(item, document) : layerOf(item, document, language))),
    ...wires.labels,
  ]
  const width = Math.ceil(seen.width + 2 * MARGIN)
  const height = Math.ceil(seen.height + 2 * MARGIN)
  const view = [seen.x - MARGIN, seen.y - MARGIN, width, height].map(round).join(' ')
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="${view}" font-family="${escaped(FONT)}" font-size="11" role="img"><title>${escaped(document.name)}</title><rect x="${round(seen.x - MARGIN)}" y="${round(seen.y - MARGIN)}" width="${width}" height="${height}" fill="#ffffff"/>${parts.join('')}</svg>\n`
  return { svg, width, height }
}

function wiresOf(
  placement: Placement,
  flows: readonly Flow[],
  boxes: ReadonlyMap<string, Box>,
  gates: readonly Gate[],
) {
  const route = router(placement, boxes)
  const ends = new Map([...boxes, ...gates.map(({ id, box }) => [id, box] as const)])
  const [lines, labels, around]: [string[], string[], Box[]] = [[], [], []]
  for (const flow of flows) {
    const [source, target] = [ends.get(flow.source), ends.get(flow.target)]
    if (!source || !target) continue
    const { path, label, room } = route(endsOf(source, target), flow)
    lines.push(
      `<path d="${path}" fill="none" stroke="${LINE}" stroke-width="1.2"${flow.broken ? ' stroke-dasharray="4 3"' : ''}/>`,
    )
    const [x, y] = [endsOf(source, target).to.x, endsOf(source, target).to.y]
    lines.push(
      `<path d="M${round(x - 5)} ${round(y - 3)}L${round(x + 2)} ${round(y)}L${round(x - 5)} ${round(y + 3)}z" fill="${LINE}"/>`,
    )
    around.push({ x: label.x - room / 2, y: label.y - 8, width: room, height: 16 })
    const text = flow.shape?.join('×') ?? ''
    if (text !== '' && room > text.length * 5.4 + 6)
      labels.push(halo(label.x, label.y - 4, text, flow.changed))
  }
  return { lines, labels, boxes: around }
}

/** A shape over its wire, in white first, since not every program paints the stroke of letters behind them. */
function halo(x: number, y: number, words: string, bold: boolean): string {
  const at = `x="${round(x)}" y="${round(y)}" text-anchor="middle" font-size="9.5"${bold ? ' font-weight="600"' : ''}`
  return `<text ${at} fill="#ffffff" stroke="#ffffff" stroke-width="3" stroke-linejoin="round">${words}</text><text ${at} fill="${bold ? INK : FAINT}">${words}</text>`
}

function layerOf({ id, box }: Item, document: NetworkDocument, language: keyof Text): string {
  const layer = blocksOf(document).layers.get(id)!
  const anatomy = anatomyOf(layer)
  const [ink, fill] = COLOURS[anatomy.category] ?? COLOURS.unknown!
  const title = shortTitle(anatomy.kind ? anatomy.kind.title[language] : layer.kind)
  const faded = layer.bypassed ? ' opacity="0.45"' : ''
  if (anatomy.form === 'round') {
    const [x, y] = [box.x + box.width / 2, box.y + PORT_LINE]
    const sign = anatomy.kind?.kind === 'concat' ? '‖' : anatomy.kind?.kind === 'multiply' ? '×' : '+'
    return `<g${faded}><circle cx="${round(x)}" cy="${round(y)}" r="${box.width / 2 - 1}" fill="${fill}" stroke="${ink}" stroke-width="1.2"/>${text(x, y + 5, sign, { size: 15, fill: ink, anchor: 'middle' })}<title>${escaped(layer.name)}</title></g>`
  }
  if (anatomy.form === 'compact')
    return `<g${faded}>${rect({ ...box, y: box.y - 1, height: 28 }, ink, fill)}${text(box.x + box.width / 2, box.y + 17, cut(title, box.width - 12), { anchor: 'middle', fill: INK })}<title>${escaped(layer.name)}</title></g>`
  return `<g${faded}>${rect(box, ink, '#ffffff')}${head(box, ink, fill)}${text(box.x + 8, box.y + 17, cut(title, box.width - 16), { weight: 600 })}${nameOf(layer, title, box)}${rows(anatomy, box, language)}${foot(anatomy, box, document, id)}</g>`
}

/** The layer's own name at the end of its header, where there is room for it. */
function nameOf(layer: Layer, title: string, box: Box): string {
  const room = box.width - 24 - lengthOf(title)
  return room < 24
    ? ''
    : text(box.x + box.width - 8, box.y + 17, cut(layer.name, room), { anchor: 'end', fill: FAINT, size: 10 })
}

function rows({ rows: shown }: Anatomy, box: Box, language: keyof Text): string {
  return shown
    .map(({ label, spec, value }, i) => {
      const y = box.y + HEADER + 17 + i * 16
      const says = writeValue(spec, value, language)
      return (
        text(box.x + 8, y, cut(shortTitle(label[language]), box.width - 24 - lengthOf(says)), {
          fill: FAINT,
          size: 10,
        }) + text(box.x + box.width - 8, y, says, { anchor: 'end', size: 10 })
      )
    })
    .join('')
}

function foot({ counted }: Anatomy, box: Box, document: NetworkDocument, id: string): string {
  const trainable = analyze(document).layers.get(id)?.trainable ?? 0
  if (!counted || trainable === 0) return ''
  return text(box.x + box.width - 8, box.y + box.height - 8, grouped(trainable), {
    anchor: 'end',
    fill: FAINT,
    size: 10,
  })
}

function blockOf({ id, box }: Item, document: NetworkDocument): string {
  const group = blocksOf(document).groups.get(id)!
  const { layers } = analyze(document)
  const members = [...membersOf(document, id)]
  const [ink, fill] = COLOURS.block!
  const times = repeatsOf(document).get(id)
  const trainable = members.reduce((sum, member) => sum + (layers.get(member)?.trainable ?? 0), 0)
  const behind = [6, 3].map((by) => rect({ ...box, x: box.x + by, y: box.y + by }, ink, '#ffffff')).join('')
  const bars = blocksOf(document)
  const strip = members.slice(0, 26).map((member, i) => {
    const anatomy = anatomyOf(bars.layers.get(member)!)
    const tall = anatomy.form === 'full' ? 24 : 12
    const [tint] = COLOURS[anatomy.category] ?? COLOURS.unknown!
    return `<rect x="${round(box.x + 9 + i * 6.5)}" y="${round(box.y + HEADER + 32 - tall)}" width="5" height="${tall}" fill="${tint}"/>`
  })
  return `<g${group.bypassed ? ' opacity="0.45"' : ''}>${behind}${rect(box, ink, '#ffffff')}${head(box, ink, fill)}${text(box.x + 8, box.y + 17, cut(group.name, box.width - (times ? 52 : 16)), { weight: 600 })}${times ? text(box.x + box.width - 8, box.y + 17, `×${times}`, { anchor: 'end', weight: 600, fill: ink }) : ''}${strip.join('')}${text(box.x + 8, box.y + box.height - 8, String(members.length), { fill: FAINT, size: 10 })}${text(box.x + box.width - 8, box.y + box.height - 8, grouped(trainable), { anchor: 'end', fill: FAINT, size: 10 })}<title>${escaped(group.name)}</title></g>`
}

function frameOf({ id, box }: Item, document: NetworkDocument): string {
  const [ink] = COLOURS.block!
  const group = blocksOf(document).groups.get(id)!
  return `<g><rect x="${round(box.x)}" y="${round(box.y)}" width="${round(box.width)}" height="${round(box.height)}" rx="7" fill="#f7f8fc" stroke="${ink}" stroke-width="1" stroke-dasharray="5 3"/>${text(box.x + 12, box.y + FRAME_HEAD - 9, group.name, { weight: 600, fill: ink })}</g>`
}

/** What feeds the block that is shown, or is fed by it. */
const gateOf = ({ data: { names }, box }: Gate): string =>
  `<g><rect x="${round(box.x)}" y="${round(box.y)}" width="${round(box.width)}" height="${round(box.height)}" rx="13" fill="#ffffff" stroke="${LINE}" stroke-width=".8" stroke-dasharray="3 2"/>${text(box.x + box.width / 2, box.y + 17, cut(names.join(', '), box.width - 20), { anchor: 'middle', fill: FAINT, size: 10 })}</g>`

const commentOf = (words: string, box: Box): string =>
  `<g><rect x="${round(box.x)}" y="${round(box.y)}" width="${round(box.width)}" height="${round(box.height)}" rx="7" fill="#fbfaf4" stroke="#b9b296" stroke-width="1"/>${text(box.x + 10, box.y + 18, cut(words, box.width - 20), { fill: FAINT })}</g>`

const rect = ({ x, y, width, height }: Box, ink: string, fill: string) =>
  `<rect x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}" rx="4" fill="${fill}" stroke="${ink}" stroke-width="1"/>`
const head = ({ x, y, width }: Box, ink: string, fill: string) =>
  `<path d="M${round(x + 0.5)} ${round(y + HEADER)}v-${HEADER - 4}q0-3.5 3.5-3.5h${round(width - 8)}q3.5 0 3.5 3.5v${HEADER - 4}z" fill="${fill}"/><path d="M${round(x)} ${round(y + HEADER)}h${round(width)}" stroke="${ink}" stroke-width=".6" opacity=".5"/>`

interface Style {
  readonly anchor?: 'middle' | 'end'
  readonly fill?: string
  readonly size?: number
  readonly weight?: number
}
function text(x: number, y: number, words: string, { anchor, fill = INK, size, weight }: Style = {}): string {
  const style = [
    anchor && ` text-anchor="${anchor}"`,
    size && ` font-size="${size}"`,
    weight && ` font-weight="${weight}"`,
  ]
  return `<text x="${round(x)}" y="${round(y)}" fill="${fill}"${style.filter(Boolean).join('')}>${escaped(words)}</text>`
}

const round = (n: number) => Math.round(n * 10) / 10
const grouped = (n: number) => n.toLocaleString('en-US')
/** About how wide text of size 11 is; Hangul fills its em. */
const lengthOf = (words: string) =>
  [...words].reduce((sum, letter) => sum + (letter.charCodeAt(0) > 0x1100 ? 11 : 6.1), 0)
/** Text as far as it fits into a width. */
function cut(words: string, width: number): string {
  if (lengthOf(words) <= width) return words
  const kept = [...words]
  while (kept.length > 0 && lengthOf(kept.join('')) + 6 > width) kept.pop()
  return kept.length === 0 ? '' : `${kept.join('')}…`
}
const escaped = (words: string) =>
  words.replace(/[&<>"]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c]!)
