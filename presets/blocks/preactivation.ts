import type { Handle, NetworkBuilder } from '../builder.ts'
import type { Shortcut } from '../options.ts'
import { square } from './convolution.ts'
import type { Stage } from './residual.ts'

/** The five orders of figure 4 of He et al. 2016. */
export type UnitOrder = 'a' | 'b' | 'c' | 'd' | 'e'

export interface PreactivationForm {
  readonly order: UnitOrder
  readonly bottleneck: boolean
  readonly shortcut: Shortcut
  /** Between the convolutions of a unit; 0 for none. */
  readonly dropout: number
}

/** One convolution of a unit with what stands around it. */
interface Part {
  readonly name: string
  readonly filters: number
  readonly kernel: number
  readonly stride: number
  readonly first: boolean
  readonly last: boolean
}

/** A stage of units of one order; `shared` when the stage's first unit begins on maps that are activated already. */
export function preactivationStage(
  net: NetworkBuilder,
  stage: Stage,
  form: PreactivationForm,
  channels: number,
  activated: boolean,
): number {
  net.group(`${stage.name}_x`, () => {
    for (let unit = 1; unit <= stage.units; unit++)
      net.group(`${stage.name}_${unit}`, () => {
        const first = unit === 1
        const changes = { stride: first ? stage.stride : 1, from: first ? channels : stage.channels }
        preactivationUnit(net, `${stage.name}_${unit}`, { ...stage, ...changes }, form, activated && first)
      })
  })
  return stage.channels
}

type Unit = Stage & { readonly from: number }

function preactivationUnit(
  net: NetworkBuilder,
  name: string,
  unit: Unit,
  form: PreactivationForm,
  activated: boolean,
): void {
  const { order, shortcut } = form
  const changes = unit.from !== unit.channels || unit.stride !== 1
  const projects = shortcut === 'C' || (shortcut === 'B' && changes)
  // a projection reads activated maps, and so does the first unit's shortcut (section 4.1 and appendix)
  const parts = partsOf(name, unit, form.bottleneck)
  const before = !activated && projects ? activate(net, order, parts[0]!.name) : null
  const start = before ?? net.last()
  for (const part of parts) addPart(net, part, form, activated || before !== null)
  const end = net.last()
  if (shortcut !== 'none')
    net.add('add', `${name}-add`, {}, [skip(net, name, unit, form, { start, projects, changes }), end])
  if (order === 'b') net.add('batchnorm', `${name}-bn`)
  if (order === 'a' || order === 'b') net.add('relu', `${name}-relu`)
}

function partsOf(name: string, { width, channels, stride }: Unit, bottleneck: boolean): Part[] {
  const sizes = bottleneck
    ? [
        { filters: width, kernel: 1, stride },
        { filters: width, kernel: 3, stride: 1 },
        { filters: channels, kernel: 1, stride: 1 },
      ]
    : [
        { filters: width, kernel: 3, stride },
        { filters: channels, kernel: 3, stride: 1 },
      ]
  return sizes.map((size, i) => ({
    ...size,
    name: `${name}${'abc'[i]}`,
    first: i === 0,
    last: i === sizes.length - 1,
  }))
}

/** What stands before a unit's first convolution: BN and ReLU in (e), ReLU in (d), nothing in the others. */
function activate(net: NetworkBuilder, order: UnitOrder, name: string): Handle | null {
  if (order === 'e') net.add('batchnorm', `${name}-bn`)
  return order === 'd' || order === 'e' ? net.add('relu', `${name}-relu`) : null
}

function addPart(net: NetworkBuilder, part: Part, form: PreactivationForm, activated: boolean): void {
  const { order, dropout } = form
  const { name, first, last } = part
  const before = order === 'd' || order === 'e'
  if (before && !(first && activated)) activate(net, order, name)
  if (dropout > 0 && last) net.add('dropout', `${name}-dropout`, { rate: dropout })
  net.add('conv2d', name, { filters: part.filters, ...square(part.kernel, part.stride), bias: false })
  if (order === 'e') return
  if (!(order === 'b' && last)) net.add('batchnorm', `${name}-bn`)
  if (!before && (!last || order === 'c')) net.add('relu', `${name}-relu`)
}

function skip(
  net: NetworkBuilder,
  name: string,
  { channels, stride }: Unit,
  { order }: PreactivationForm,
  { start, projects, changes }: { start: Handle; projects: boolean; changes: boolean },
): Handle {
  if (projects) {
    const projection = net.add(
      'conv2d',
      `${name}-shortcut`,
      { filters: channels, ...square(1, stride), bias: false },
      start,
    )
    // as in the released code: the original unit normalizes its projection, the pre-activated one does not
    return order === 'd' || order === 'e' ? projection : net.add('batchnorm', `${name}-shortcut-bn`)
  }
  if (!changes) return start
  return net.add('zero-pad-shortcut', `${name}-shortcut`, { channels, stride: [stride, stride] }, start)
}
