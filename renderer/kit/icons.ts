/**
 * The icon set: a 16 px grid, 1.5 px strokes with round joins. `line` is stroked, `solid` is filled. Category glyphs
 * (`cat-*`) draw what a layer of that category does, since colour never stands alone.
 */
export interface Drawing {
  readonly line?: string
  readonly solid?: string
  /** Dash pattern of the stroke. */
  readonly dash?: string
  readonly weight?: number
}

const round = (x: number, y: number, r: number) =>
  `M${x - r} ${y}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0z`
const box = (x: number, y: number, w: number, h: number) => `M${x} ${y}h${w}v${h}h${-w}z`

export const icons = {
  search: { line: `${round(7, 7, 4.5)}M10.4 10.4L14 14` },
  plus: { line: 'M8 3v10M3 8h10' },
  minus: { line: 'M3 8h10' },
  close: { line: 'M4 4l8 8M12 4l-8 8' },
  right: { line: 'M6 3.5L10.5 8L6 12.5' },
  left: { line: 'M10 3.5L5.5 8L10 12.5' },
  down: { line: 'M3.5 6L8 10.5L12.5 6' },
  up: { line: 'M3.5 10L8 5.5L12.5 10' },
  arrow: { line: 'M2.5 8h11M9.5 4l4 4l-4 4' },
  play: { line: 'M4.75 3v10L13 8z' },
  pause: { line: 'M5.25 3v10M10.75 3v10' },
  stop: { line: box(3.5, 3.5, 9, 9) },
  export: { line: 'M8 10.25V2.25M4.9 5.35L8 2.25l3.1 3.1M2.75 9.75v3.75h10.5V9.75' },
  import: { line: 'M8 2.25v8M4.9 7.15L8 10.25l3.1-3.1M2.75 9.75v3.75h10.5V9.75' },
  save: { line: 'M2.5 2.5h8.75L13.5 4.75v8.75h-11zM5 2.5v3.75h5V2.5M5 13.5V9.75h6v3.75' },
  settings: {
    line: `M2.5 4.75h5.75M12 4.75h1.5M2.5 11.25H4M7.75 11.25h5.75${round(10.1, 4.75, 1.85)}${round(5.9, 11.25, 1.85)}`,
  },
  sun: {
    line: `${round(8, 8, 2.8)}M8 1.4v1.1M8 13.5v1.1M1.4 8h1.1M13.5 8h1.1M3.35 3.35l.8.8M11.85 11.85l.8.8M3.35 12.65l.8-.8M11.85 4.15l.8-.8`,
  },
  moon: { line: 'M13.2 9.9A5.6 5.6 0 1 1 6.1 2.8a4.6 4.6 0 0 0 7.1 7.1z' },
  globe: {
    line: `${round(8, 8, 5.75)}M2.25 8h11.5M8 2.25C10 4 10.6 6 10.6 8S10 12 8 13.75C6 12 5.4 10 5.4 8S6 4 8 2.25z`,
  },
  folder: { line: 'M1.75 12.75v-9h4.4l1.6 1.75h6.5v7.25z' },
  file: { line: 'M3.5 1.75h5.75l3.25 3.25v9.25h-9zM9.25 1.75V5h3.25' },
  layers: { line: 'M8 2l6 3.1l-6 3.1l-6-3.1zM2.4 8.2L8 11.1l5.6-2.9M2.4 11.1L8 14l5.6-2.9' },
  warn: { line: 'M8 2.25L14.25 13H1.75zM8 6.5v3', solid: round(8, 11.2, 0.8) },
  error: { line: `${round(8, 8, 5.75)}M5.9 5.9l4.2 4.2M10.1 5.9l-4.2 4.2` },
  check: { line: 'M3 8.4l3.2 3.1L13 4.7' },
  ok: { line: `${round(8, 8, 5.75)}M5.4 8.2l1.9 1.8l3.4-3.7` },
  info: { line: `${round(8, 8, 5.75)}M8 7.4v3.5`, solid: round(8, 5.1, 0.8) },
  help: {
    line: `${round(8, 8, 5.75)}M6.2 6.3a1.85 1.85 0 1 1 2.7 1.65c-.6.3-.9.65-.9 1.25`,
    solid: round(8, 11.2, 0.8),
  },
  link: { line: 'M6.5 3.25H3.25v9.5h9.5V9.5M9.25 2.75h4v4M13 3L7.5 8.5' },
  undo: { line: 'M5.6 2.9L2.5 6l3.1 3.1M2.75 6h7.1a3.6 3.6 0 0 1 0 7.2H6.5' },
  redo: { line: 'M10.4 2.9L13.5 6l-3.1 3.1M13.25 6h-7.1a3.6 3.6 0 0 0 0 7.2H9.5' },
  reset: { line: 'M3 2.75v3.5h3.5M3.25 6A5.4 5.4 0 1 1 2.6 9' },
  fit: { line: 'M2.5 5.75V2.5h3.25M10.25 2.5h3.25v3.25M13.5 10.25v3.25h-3.25M5.75 13.5H2.5v-3.25' },
  map: { line: box(2, 3, 12, 10), solid: box(7.5, 7, 4.5, 4) },
  key: { line: `${box(1.75, 4, 12.5, 8)}M4.5 6.7h.01M7 6.7h.01M9.4 6.7h.01M11.7 6.7h.01M5.25 9.4h5.5` },
  eye: { line: `M1.5 8S4 3.75 8 3.75S14.5 8 14.5 8S12 12.25 8 12.25S1.5 8 1.5 8z${round(8, 8, 1.8)}` },
  eyeOff: {
    line: 'M3 5.7C2 6.8 1.5 8 1.5 8S4 12.25 8 12.25c1 0 1.9-.25 2.7-.65M6 4c.6-.2 1.3-.25 2-.25c4 0 6.5 4.25 6.5 4.25s-.5 1-1.5 2M2.5 2.5l11 11',
  },
  tree: { line: `M3.5 6v6.5h5M3.5 8.5h5${box(2, 2.5, 3, 3)}${box(9, 7, 4.5, 3)}${box(9, 11, 4.5, 3)}` },
  filter: { line: 'M2.5 4h11M4.75 8h6.5M6.75 12h2.5' },
  sort: { line: 'M5 3v10M2.5 10.5L5 13l2.5-2.5M11 13V3M8.5 5.5L11 3l2.5 2.5' },
  compare: { line: `M8 2v12${box(2.5, 5, 3, 6)}${box(10.5, 3.5, 3, 9)}` },
  more: { solid: round(3.25, 8, 1.2) + round(8, 8, 1.2) + round(12.75, 8, 1.2) },
  grip: {
    solid: [4, 8, 12].map((y) => round(6, y, 1) + round(10, y, 1)).join(''),
  },
  clock: { line: `${round(8, 8, 5.75)}M8 4.75V8l2.25 1.75` },
  chip: {
    line: `${box(4, 4, 8, 8)}M6.5 1.75V4M9.5 1.75V4M6.5 12v2.25M9.5 12v2.25M1.75 6.5H4M1.75 9.5H4M12 6.5h2.25M12 9.5h2.25`,
  },
  trash: { line: 'M2.75 4.25h10.5M6 4.25v-2h4v2M4 4.25l.65 9.5h6.7l.65-9.5' },
  copy: { line: `${box(5.5, 5.5, 8, 8)}M10.5 5.25V2.5h-8v8h2.75` },
  cut: { line: `${round(4.25, 11.75, 1.75)}${round(11.75, 11.75, 1.75)}M5.2 10.3L11 2.5M10.8 10.3L5 2.5` },
  paste: { line: `${box(3, 3, 10, 11)}M6 4.5V1.75h4V4.5z` },
  edit: { line: 'M2.75 13.25l.65-3.1L10.6 3L13 5.4l-7.15 7.2z' },
  cursor: { line: 'M3.5 2.5l9.5 5l-4.1 1.4L7 13z' },
  bypass: { line: 'M1.5 10.25h2.2c.7-4 2-5.5 4.3-5.5s3.6 1.5 4.3 5.5h2.2M6.4 10.25h3.2' },
  comment: { line: 'M2.25 3h11.5v8H7.5l-3 2.6V11H2.25z' },
  chart: { line: 'M2.25 2.25v11.5h11.5M4.5 10.5l2.75-3.25l2.25 1.5L13 4.5' },
  table: { line: `${box(2, 3, 12, 10)}M2 6.5h12M6.5 6.5V13` },
  history: { line: 'M2.5 2.75v3.5H6M2.75 6A5.5 5.5 0 1 1 2.5 9M8 5.25V8.2l2 1.3' },
  lock: { line: `${box(3.5, 7, 9, 6.5)}M5.5 7V4.75a2.5 2.5 0 0 1 5 0V7` },
  pin: { line: 'M6 2h4l-.5 4.25L11.5 9h-7l2-2.75zM8 9v5' },
  insert: { line: `M1.5 8h3.75M10.75 8h3.75M8 6.4v3.2M6.4 8h3.2${round(8, 8, 2.75)}` },
  arrange: {
    line: `${box(1.75, 6.25, 3.5, 3.5)}${box(10.75, 2.25, 3.5, 3.5)}${box(10.75, 10.25, 3.5, 3.5)}M5.25 8H8M10.75 4H8v8h2.75`,
  },
  window: { line: `${box(2, 3, 12, 10)}M2 6h12` },
  panel: { line: `${box(2, 3, 12, 10)}M2 9.25h12` },
  'cat-input': {
    line: `${box(2.5, 3, 11, 10)}M2.75 11.2l3.2-3.5l2.4 2.2l2-1.8l3 2.8`,
    solid: round(10.4, 5.9, 1.2),
  },
  'cat-conv': {
    line: `${box(2.5, 2.5, 11, 11)}M2.5 6.2h11M2.5 9.8h11M6.2 2.5v11M9.8 2.5v11`,
    solid: box(6.2, 6.2, 3.6, 3.6),
    weight: 1.1,
  },
  'cat-pool': { line: `${box(2, 2.5, 6, 11)}M2 8h6M5 2.5v11`, solid: box(10.25, 6, 4, 4) },
  'cat-norm': { line: 'M1.75 12.75h12.5M2.25 11C5.3 11 5.75 3 8 3s2.7 8 5.75 8' },
  'cat-activation': { line: 'M2 11.75h5.75L13.5 3.5M2 4.2h.01M7.75 4.2h.01M7.75 7.4h.01' },
  'cat-dense': {
    line: 'M3.25 4.25l9.5-1.25M3.25 4.25L12.75 8M3.25 4.25L12.75 13M3.25 11.75L12.75 3M3.25 11.75L12.75 8M3.25 11.75L12.75 13',
    solid: [
      round(3.25, 4.25, 1.6),
      round(3.25, 11.75, 1.6),
      ...[3, 8, 13].map((y) => round(12.75, y, 1.5)),
    ].join(''),
    weight: 0.9,
  },
  'cat-merge': { line: `${round(8, 8, 5.5)}M8 5v6M5 8h6` },
  concat: { line: `${round(8, 8, 5.5)}M6.4 5.2v5.6M9.6 5.2v5.6` },
  'cat-regularization': { line: `${box(2.5, 2.5, 11, 11)}M4.5 11.5l7-7`, dash: '2 1.7' },
  'cat-output': {
    line: 'M2.25 13.5h11.5',
    solid: box(3, 8, 2, 3.75) + box(7, 3, 2, 8.75) + box(11, 9.5, 2, 2.25),
  },
  'cat-block': { line: `${box(2, 2, 12, 12)}${box(5, 5, 6, 6)}` },
  'cat-unknown': {
    line: `${box(2.5, 2.5, 11, 11)}M6.4 6.4a1.6 1.6 0 1 1 2.35 1.45c-.5.25-.75.55-.75 1.05`,
    solid: round(8, 11, 0.8),
  },
} satisfies Record<string, Drawing>

export type IconName = keyof typeof icons
