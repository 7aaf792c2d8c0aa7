import { analyze } from '../../core/analysis/analyze.ts'
import type { Analysis } from '../../core/analysis/report.ts'
import { kindOf } from '../../core/layers/index.ts'
import type { NetworkDocument } from '../../core/network/schema.ts'
import type { Family, OptionValues, Preset, Task } from '../../presets/preset.ts'

/** A documented model with everything its card shows, counted from its own document. */
export interface Model {
  readonly preset: Preset
  readonly document: NetworkDocument
  readonly analysis: Analysis
}

/** What one card shows: the members of a family that were asked for. */
export interface Group {
  readonly family: Family
  readonly members: readonly Preset[]
}

export type Order = 'year' | 'parameters' | 'macs'
/** Trainable parameters: below a million, up to ten, up to a hundred, more. */
export type SizeFilter = 'any' | 'tiny' | 'small' | 'large' | 'huge'
export type TaskFilter = 'all' | 'imagenet' | 'cifar' | 'digits' | 'other'

const models = new Map<string, Model>()

/** Built and counted once: documents and analyses never change. */
export function modelOf(preset: Preset): Model {
  const known = models.get(preset.id)
  if (known) return known
  const model = modelWith(preset, {})
  models.set(preset.id, model)
  return model
}

/** @throws OptionError when the options make no network */
export function modelWith(preset: Preset, options: OptionValues): Model {
  const document = preset.build(options)
  return { preset, document, analysis: analyze(document) }
}

/** Whether a model is a module to be put into networks: it ends in maps, not in a number a class, and can't be trained. */
export const isPart = ({ analysis }: Model): boolean => analysis.output !== null && analysis.output.length > 1

const words = new Map<string, string>()

/** Everything a person may look for a model by: its names, year, paper, and the layers in it, in both languages. */
function wordsOf(preset: Preset): string {
  const known = words.get(preset.id)
  if (known !== undefined) return known
  const { title, variant, family, summary, paper, id, year } = preset
  const kinds = [...new Set(preset.build().layers.map((layer) => layer.kind))]
  const layers = kinds.flatMap((kind) => [kind, kindOf(kind)?.title.en ?? '', kindOf(kind)?.title.ko ?? ''])
  const texts = [title, variant, family.title, summary].flatMap(({ en, ko }) => [en, ko])
  const all = [id, year, paper.citation, ...texts, ...layers].join(' ').toLowerCase()
  words.set(preset.id, all)
  return all
}

const inTask = (task: Task, filter: TaskFilter): boolean =>
  filter === 'all' || (filter === 'other' ? task === 'audio' || task === 'video' : task === filter)

const SIZES: Readonly<Record<SizeFilter, readonly [from: number, to: number]>> = {
  any: [0, Number.POSITIVE_INFINITY],
  tiny: [0, 1e6],
  small: [1e6, 1e7],
  large: [1e7, 1e8],
  huge: [1e8, Number.POSITIVE_INFINITY],
}
const inSize = (trainable: number, filter: SizeFilter): boolean =>
  trainable >= SIZES[filter][0] && trainable < SIZES[filter][1]

/** The models that hold every word of the query and are of that task and size, by family, in the order asked for. */
export function findGroups(
  presets: readonly Preset[],
  query: string,
  task: TaskFilter,
  order: Order,
  size: SizeFilter = 'any',
): readonly Group[] {
  const wanted = query.toLowerCase().split(/\s+/).filter(Boolean)
  const groups = new Map<string, { family: Family; members: Preset[] }>()
  for (const preset of presets) {
    if (!inTask(preset.task, task) || !inSize(preset.figures.trainable, size)) continue
    if (wanted.length > 0 && !wanted.every((word) => wordsOf(preset).includes(word))) continue
    const group = groups.get(preset.family.id) ?? { family: preset.family, members: [] }
    group.members.push(preset)
    groups.set(preset.family.id, group)
  }
  const by: Record<Order, (preset: Preset) => number> = {
    year: ({ year }) => year,
    parameters: ({ figures }) => figures.trainable,
    macs: (preset) => modelOf(preset).analysis.totals.macs,
  }
  const keyed = [...groups.values()].map((group) => ({ group, key: by[order](shownOf(group)) }))
  return keyed.toSorted((a, b) => a.key - b.key).map(({ group }) => group)
}

/** The member that stands for a family until a person chooses another. */
export const shownOf = ({ family, members }: Group): Preset =>
  members.find((preset) => preset.id === family.shown) ?? members[0]!
