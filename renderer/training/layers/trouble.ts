import type { LayerFigures, LayersEvent } from './history.ts'

export type Trouble = 'not-finite' | 'exploding' | 'vanishing'

/** Share of the largest gradient below which a layer learns nothing beside the others: about float32's precision. */
const VANISHED = 1e-7
/** Times its own usual length at which a gradient has exploded. */
const EXPLODED = 1000
/** Pictures before which a layer has no usual length. */
const USUAL_AFTER = 3

/** The ratio of update to weights that people aim at is about 1e-3 (Karpathy, CS231n); a factor of ten is taken as usual. */
export const USUAL_UPDATE = { low: 1e-4, aim: 1e-3, high: 1e-2 } as const

/** Length of the gradient: NaN where it is not finite. */
export const gradientOf = (figures: LayerFigures): number => figures.gradient.norm ?? Number.NaN

/** What is wrong, by the ids of layers. */
export type Troubles = ReadonlyMap<string, Trouble>
const known = new WeakMap<readonly LayersEvent[], readonly Troubles[]>()

/**
 * What is wrong with the gradients of the layers, by their ids, for each picture; layers that are well are left out.
 * `not-finite` holds no number; `exploding` is more than 1,000 times the middle of what it was in the pictures before;
 * `vanishing` is below 1e-7 of the largest gradient in the same picture that does not explode. The worst come first. Made
 * once for a list of pictures.
 */
export function troublesOf(pictures: readonly LayersEvent[]): readonly Troubles[] {
  const before = known.get(pictures)
  if (before) return before
  const lengths = new Map<string, number[]>()
  const found = pictures.map((picture, at) => {
    const here = troublesIn(picture, at < USUAL_AFTER ? null : lengths)
    for (const layer of picture.layers) keep(lengths, layer.id, gradientOf(layer))
    return here
  })
  known.set(pictures, found)
  return found
}

function troublesIn(picture: LayersEvent, before: ReadonlyMap<string, readonly number[]> | null): Troubles {
  const found = new Map<string, Trouble>()
  for (const layer of picture.layers) {
    const length = gradientOf(layer)
    const past = before?.get(layer.id) ?? []
    const usual = past[past.length >> 1] ?? 0
    if (Number.isNaN(length) || layer.weights.norm === null) found.set(layer.id, 'not-finite')
    else if (usual > 0 && length > EXPLODED * usual) found.set(layer.id, 'exploding')
  }
  // beside one that explodes all others are nothing, and may be well
  const largest = largestGradient(picture, found)
  for (const layer of picture.layers) {
    const nothing = largest > 0 && gradientOf(layer) < VANISHED * largest
    if (nothing && !found.has(layer.id)) found.set(layer.id, 'vanishing')
  }
  return found
}

/** The longest gradient of a picture that is finite and does not explode; 0 where there is none. */
export const largestGradient = ({ layers }: LayersEvent, troubles: Troubles): number =>
  layers.reduce(
    (most, { id, gradient }) =>
      troubles.get(id) === 'exploding' ? most : Math.max(most, gradient.norm ?? 0),
    0,
  )

/** Puts a number into its place in a sorted list. */
function keep(lists: Map<string, number[]>, id: string, value: number): void {
  if (!Number.isFinite(value)) return
  const list = lists.get(id) ?? []
  lists.set(id, list)
  let [low, high] = [0, list.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (list[middle]! < value) low = middle + 1
    else high = middle
  }
  list.splice(low, 0, value)
}

/** Below this share of its highest value, a schedule has let the learning rate go. */
const EASED = 0.01

/** Whether the learning rate of a step is next to nothing beside what it has been: updates are then small by intention. */
export function hasEased(steps: ArrayLike<number>, rates: ArrayLike<number>, step: number): boolean {
  let [highest, now] = [0, 0]
  for (let i = 0; i < steps.length && steps[i]! <= step; i++) {
    now = rates[i]!
    highest = Math.max(highest, now)
  }
  return now < EASED * highest
}

/**
 * Where a ratio of update to weights lies: `low` learns slowly, `high` may not settle, `eased` is small because the
 * schedule has let the learning rate go; null where it is unknown.
 */
export function updateBand(update: number | null, eased = false): 'low' | 'usual' | 'high' | 'eased' | null {
  if (update === null || !Number.isFinite(update)) return null
  if (update < USUAL_UPDATE.low) return eased ? 'eased' : 'low'
  return update > USUAL_UPDATE.high ? 'high' : 'usual'
}
