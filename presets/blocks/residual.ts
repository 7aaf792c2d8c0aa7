import type { Handle, NetworkBuilder } from '../builder.ts'
import type { Shortcut } from '../options.ts'
import { convBn, convBnRelu } from './convolution.ts'

export interface Stage {
  /** `conv2`: the stage's name in the paper's table; its units are `conv2_1`, `conv2_2` and so on. */
  readonly name: string
  readonly units: number
  /** Channels of the 3x3 convolutions. */
  readonly width: number
  /** Channels that a unit puts out. */
  readonly channels: number
  /** Stride of the first unit. */
  readonly stride: number
}

export interface UnitForm {
  readonly bottleneck: boolean
  readonly shortcut: Shortcut
  /** Which convolution of a bottleneck carries the stride: `1x1` the paper's, `3x3` that of later practice. */
  readonly strideIn: '1x1' | '3x3'
}

/** A stage of residual units (He et al. 2015, tables 1 and 6); gives its channels. */
export function residualStage(net: NetworkBuilder, stage: Stage, form: UnitForm, channels: number): number {
  net.group(`${stage.name}_x`, () => {
    for (let unit = 1; unit <= stage.units; unit++)
      net.group(`${stage.name}_${unit}`, () => {
        const first = unit === 1
        const changes = { stride: first ? stage.stride : 1, from: first ? channels : stage.channels }
        residualUnit(net, `${stage.name}_${unit}`, { ...stage, ...changes }, form)
      })
  })
  return stage.channels
}

type Unit = Stage & { readonly from: number }

/** conv-BN-ReLU twice or, as a bottleneck, thrice; the last ReLU after the addition (figures 2 and 5 of the paper). */
function residualUnit(net: NetworkBuilder, name: string, unit: Unit, form: UnitForm): void {
  const start = net.last()
  const { width, channels, stride } = unit
  const inFirst = form.strideIn === '1x1'
  if (form.bottleneck) {
    convBnRelu(net, `${name}a`, { filters: width, kernel: 1, stride: inFirst ? stride : 1 })
    convBnRelu(net, `${name}b`, { filters: width, kernel: 3, stride: inFirst ? 1 : stride })
    convBn(net, `${name}c`, { filters: channels, kernel: 1 })
  } else {
    convBnRelu(net, `${name}a`, { filters: width, kernel: 3, stride })
    convBn(net, `${name}b`, { filters: channels, kernel: 3 })
  }
  if (form.shortcut !== 'none') {
    const end = net.last()
    net.add('add', `${name}-add`, {}, [shortcutOf(net, name, unit, form.shortcut, start), end])
  }
  net.add('relu', `${name}-relu`)
}

function shortcutOf(net: NetworkBuilder, name: string, unit: Unit, kind: Shortcut, start: Handle): Handle {
  const { from, channels, stride } = unit
  const changes = from !== channels || stride !== 1
  if (kind === 'C' || (kind === 'B' && changes))
    return convBn(net, `${name}-shortcut`, { filters: channels, kernel: 1, stride }, start)
  if (!changes) return start
  return net.add('zero-pad-shortcut', `${name}-shortcut`, { channels, stride: [stride, stride] }, start)
}
