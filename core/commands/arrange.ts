import { text } from '../network/text.ts'
import type { Command } from './command.ts'
import { moveTo } from './moveLayers.ts'

export interface Arrange {
  /** New upper left corners by id, as `layoutGraph` gives them; they are moved along so that the whole stays in its place. */
  readonly places: Readonly<Record<string, { readonly x: number; readonly y: number }>>
}

/** Puts layers and blocks where a layout wants them. The upper left corner of the whole stays where it was. */
export const arrange: Command<Arrange> = {
  id: 'arrange',
  label: text('Arrange', '자동 정렬'),
  edit(draft, { places }) {
    const here = [...draft.layers, ...draft.groups].flatMap(({ id, position }) =>
      places[id] && position ? [{ from: position, to: places[id] }] : [],
    )
    if (here.length === 0) return undefined
    const least = (of: (place: (typeof here)[number]) => number) => Math.min(...here.map(of))
    const dx = least(({ from }) => from.x) - least(({ to }) => to.x)
    const dy = least(({ from }) => from.y) - least(({ to }) => to.y)
    moveTo(
      draft,
      Object.fromEntries(Object.entries(places).map(([id, { x, y }]) => [id, { x: x + dx, y: y + dy }])),
    )
    return undefined
  },
}
