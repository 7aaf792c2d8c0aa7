import { product } from '../../layers/shape.ts'
import { text } from '../../network/text.ts'
import {
  categoryOf,
  figuresWith,
  grouped,
  inputsOf,
  type Lesson,
  type Net,
  onlyInput,
  paramsOf,
  percent,
} from './net.ts'

const CONVOLUTIONS = ['conv1d', 'conv2d', 'conv3d']
/** Maps that are read for each one made, from which on a reduction before is worth its place. */
export const SQUEEZE = 4
/** Maps a reduction keeps at least: fewer let too little through. */
const LEAST = 16
/** Multiply-accumulates below which nothing is worth saving. */
const WORTH = 1_000_000

interface Candidate {
  readonly id: string
  readonly maps: number
  readonly now: number
  readonly reduce: number
  readonly then: number
}

/**
 * Convolutions that read many more maps than they make, and what a 1x1 convolution before them saves. The example of
 * GoogLeNet's readers: 5x5, 480 maps of 14x14 to 48, by 16: 1,505,280 + 3,763,200 instead of 112,896,000.
 */
export function bottleneckSaves(net: Net): Lesson[] {
  const found = net.order.flatMap((id) => candidate(net, id) ?? []).sort((a, b) => saving(b) - saving(a))
  const [first] = found
  if (!first) return []
  const { name, inputs } = net.layers.get(first.id)!
  const window = (paramsOf(net, first.id).kernel as readonly number[]).join('×')
  const from = net.layers.get(inputs[0]!)!.outputShape![0]!
  const [a, b] = [grouped(first.reduce), grouped(first.then)]
  const sum = grouped(first.reduce + first.then)
  const share = percent(saving(first) / first.now)
  const ones = (paramsOf(net, first.id).kernel as readonly number[]).map(() => '1').join('×')
  const more = found.length - 1
  return [
    {
      severity: 'info',
      code: 'bottleneck-saves',
      layer: first.id,
      message: text(
        `${name} reads all ${from} maps with ${window} windows: ${grouped(first.now)} multiply-accumulates. With a ${ones} convolution to ${first.maps} maps before it, it is ${a} + ${b} = ${sum}, ${share} less.${more > 0 ? ` The same holds for ${more} other ${more > 1 ? 'layers' : 'layer'}.` : ''}`,
        `${name}은(는) 맵 ${from}개를 모두 ${window} 윈도로 읽어 곱셈-누산이 ${grouped(first.now)}번입니다. 앞에 맵 ${first.maps}개로 줄이는 ${ones} 합성곱을 두면 ${a} + ${b} = ${sum}번으로 ${share} 줄어듭니다.${more > 0 ? ` 다른 레이어 ${more}개도 마찬가지입니다.` : ''}`,
      ),
      fix: text(
        `Put a ${ones} convolution and a ReLU before it, as in GoogLeNet: one more nonlinearity, too.`,
        `GoogLeNet처럼 앞에 ${ones} 합성곱과 ReLU를 넣어 주세요. 비선형성도 하나 늘어납니다.`,
      ),
      source: {
        citation: 'Szegedy et al., Going deeper with convolutions, 2015, section 4',
        url: 'https://arxiv.org/abs/1409.4842',
      },
      remedy: {
        label: text(`Insert ${ones} convolution`, `${ones} 합성곱 넣기`),
        splices: found.map(({ id, maps }) => ({
          take: [],
          before: id,
          put: [reduction(net, id, maps), { kind: 'relu' }],
        })),
      },
    },
  ]
}

const saving = ({ now, reduce, then }: Candidate): number => now - reduce - then

function reduction(net: Net, id: string, maps: number) {
  const { kernel } = paramsOf(net, id) as { kernel: readonly number[] }
  return {
    kind: net.layers.get(id)!.kind,
    params: { filters: maps, kernel: kernel.map(() => 1), stride: kernel.map(() => 1), padding: 'same' },
  }
}

function candidate(net: Net, id: string): Candidate | null {
  const { kind, macs } = net.layers.get(id)!
  const inputs = CONVOLUTIONS.includes(kind) ? inputsOf(net, id) : null
  if (inputs?.length !== 1 || net.layers.get(id)!.outputShape === null) return null
  const { filters, kernel, groups } = paramsOf(net, id) as {
    filters: number
    kernel: readonly number[]
    groups: number
  }
  const [channels, ...places] = inputs[0]!
  // a window as large as its map is a dense layer written as a convolution
  const whole = places.every((size, i) => kernel[i]! >= size)
  if (groups > 1 || product(kernel) === 1 || whole || channels! < SQUEEZE * filters) return null
  const maps = Math.max(LEAST, Math.round(filters / 3))
  const plain = { ...reduction(net, id, maps).params, dilation: kernel.map(() => 1), groups: 1 }
  const reduce = figuresWith(net, id, plain, inputs).macs
  const then = figuresWith(net, id, {}, [[maps, ...places]]).macs
  const made = { id, maps, now: macs, reduce, then }
  const worth = saving(made) >= WORTH && saving(made) * 2 >= macs
  return worth && !behindReduction(net, id) ? made : null
}

/** Whether the maps come from a 1x1 convolution already, over normalization and activations. */
function behindReduction(net: Net, id: string): boolean {
  for (let at = onlyInput(net, id); at !== null; at = onlyInput(net, at)) {
    const category = categoryOf(net, at)
    if (category === 'conv') return product((paramsOf(net, at).kernel as readonly number[]) ?? [2]) === 1
    if (category !== 'norm' && category !== 'activation' && category !== 'regularization') return false
  }
  return false
}
