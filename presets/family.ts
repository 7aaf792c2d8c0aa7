import { problemOf } from '../core/layers/index.ts'
import type { Paper } from '../core/layers/kind.ts'
import type { ParamSpec, ParamSpecs, ParamsOf } from '../core/layers/params.ts'
import { resizedRecipe } from '../core/network/recipe.ts'
import type { Recipe } from '../core/network/schema.ts'
import { type Text, text } from '../core/network/text.ts'
import { type NetworkBuilder, network } from './builder.ts'
import {
  type Family,
  type Figures,
  OptionError,
  type OptionValues,
  type Preset,
  type Task,
} from './preset.ts'

/** What the members of a family have in common. */
export interface FamilySpec<P extends ParamSpecs> {
  readonly family: Family
  readonly year: number
  readonly paper: Paper
  readonly summary: Text
  readonly task: Task
  readonly data: string | null
  readonly recipe: Recipe | ((options: ParamsOf<P>) => Recipe)
  readonly paperRecipe: Text | null
  readonly options: P
  /** Adds the layers; may throw an OptionError when the options fit no network. */
  layers(net: NetworkBuilder, options: ParamsOf<P>): void
}

/** What tells one member from the others. */
export interface Member<P extends ParamSpecs> {
  readonly id: string
  readonly title: Text
  /** Of the document; the English title where absent. */
  readonly name?: string
  readonly variant: Text
  readonly figures: Figures
  readonly published?: Preset['published']
  readonly quoted?: Text
  readonly summary?: Text
  /** Options that differ from the family's defaults. */
  readonly set?: Partial<ParamsOf<P>>
}

/** The presets of a family: one builder, a set of options each. */
export function familyOf<const P extends ParamSpecs>(
  spec: FamilySpec<P>,
  members: readonly Member<P>[],
): readonly Preset[] {
  return members.map(
    ({ set = {}, summary = spec.summary, published = null, quoted = null, name, ...member }) => {
      const options = withDefaults(spec.options, set)
      return {
        ...member,
        family: spec.family,
        year: spec.year,
        paper: spec.paper,
        summary,
        published,
        quoted,
        task: spec.task,
        data: spec.data,
        paperRecipe: spec.paperRecipe,
        options,
        build: (given = {}) => {
          const chosen = changesOf(member.id, options, given)
          const changed = Object.keys(chosen).length > 0
          const values = Object.fromEntries(
            Object.entries(options).map(([name, { default: usual }]) => [name, chosen[name] ?? usual]),
          ) as ParamsOf<P>
          const recipe = typeof spec.recipe === 'function' ? spec.recipe(values) : spec.recipe
          const net = network(nameOf(name ?? member.title.en, chosen), {
            presetId: member.id,
            ...(changed ? { options: chosen } : {}),
            recipe: structuredCopy(resizedRecipe(recipe, ratioOf(spec.options, chosen))),
          })
          spec.layers(net, values)
          return net.build()
        },
      }
    },
  )
}

const withDefaults = (specs: ParamSpecs, set: OptionValues): ParamSpecs =>
  Object.fromEntries(
    Object.entries(specs).map(([name, spec]) => [
      name,
      { ...spec, default: set[name] ?? spec.default } as ParamSpec,
    ]),
  )

/** Size of the images by that of the paper's, for which recipes are written. */
function ratioOf(specs: ParamSpecs, { size }: Readonly<Record<string, unknown>>): number {
  const usual = specs.size?.default
  return typeof size === 'number' && typeof usual === 'number' ? size / usual : 1
}

const structuredCopy = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T

/** The given options that differ from the defaults, checked. */
function changesOf(id: string, specs: ParamSpecs, given: OptionValues): Record<string, unknown> {
  const changes: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(given)) {
    const spec = optionOf(id, specs, name)
    const problem = problemOf(spec, value)
    if (problem) throw badValue(id, name, problem, JSON.stringify(value) ?? 'nothing')
    if (JSON.stringify(value) !== JSON.stringify(spec.default)) changes[name] = value
  }
  return changes
}

const nameOf = (title: string, changes: Readonly<Record<string, unknown>>): string => {
  const settings = Object.entries(changes).map(([name, value]) => `${name} ${String(value)}`)
  return settings.length === 0 ? title : `${title}, ${settings.join(', ')}`.slice(0, 200)
}

/**
 * Reads settings as they are written on a command line: `depth=1202`, `blocks=6,12,36,24`, `lrn=off`, `unit=a`.
 * @throws OptionError for a name that the preset does not have and for a value that it does not take
 */
export function parseOptions(
  preset: Pick<Preset, 'id' | 'options'>,
  pairs: readonly (readonly [string, string])[],
): OptionValues {
  const values: Record<string, unknown> = {}
  for (const [name, written] of pairs) {
    const spec = optionOf(preset.id, preset.options, name)
    const value = read(spec, written.trim())
    const problem = problemOf(spec, value)
    if (problem) throw badValue(preset.id, name, problem, `"${written}"`)
    values[name] = value
  }
  return values as OptionValues
}

const YES = ['true', 'on', 'yes', '1']
const NO = ['false', 'off', 'no', '0']

function read(spec: ParamSpec, written: string): unknown {
  const small = written.toLowerCase()
  switch (spec.type) {
    case 'int':
    case 'float':
      return written === '' ? Number.NaN : Number(written)
    case 'bool':
      return YES.includes(small) ? true : NO.includes(small) ? false : written
    case 'enum':
      return spec.options.find((option) => option.value.toLowerCase() === small)?.value ?? written
    case 'axes':
      return written.split(',').map((part) => (part.trim() === '' ? Number.NaN : Number(part)))
    case 'table':
      return written
  }
}

function optionOf(id: string, specs: ParamSpecs, name: string): ParamSpec {
  const spec = Object.hasOwn(specs, name) ? specs[name] : undefined
  if (spec) return spec
  const known = Object.keys(specs).join(', ')
  throw new OptionError(
    name,
    known
      ? text(
          `${id} has no setting named "${name}": use one of ${known}.`,
          `${id}에는 "${name}"이라는 설정이 없습니다. 사용할 수 있는 설정: ${known}.`,
        )
      : text(
          `${id} has no setting named "${name}", nor any other: leave it out.`,
          `${id}에는 "${name}"을(를) 포함해 어떤 설정도 없습니다. 설정을 빼 주세요.`,
        ),
  )
}

const badValue = (id: string, name: string, expected: Text, came: string): OptionError =>
  new OptionError(
    name,
    text(
      `The setting ${name} of ${id} takes ${expected.en}, not ${came}: give such a value.`,
      `${id}의 설정 ${name}에는 ${expected.ko}이(가) 필요한데 ${came}이(가) 들어왔습니다. 값을 고쳐 주세요.`,
    ),
  )
