import type { NewLayer, Splice } from '../../network/remedy.ts'
import { text } from '../../network/text.ts'
import { SQUEEZE } from './bottleneck.ts'
import { figuresWith, grouped, inputsOf, type Lesson, type Net, paramsOf } from './net.ts'

interface Candidate {
  readonly id: string
  readonly size: number
  readonly now: number
  readonly then: number
  readonly splice: Splice
}

const NUMBERS = text('two three four five six seven', '두 세 네 다섯 여섯 일곱')

/**
 * Square filters of 5x5 and more that a row of 3x3 filters replaces with fewer weights and the same receptive field:
 * 49 weights for a pair of maps against 27. Not where the row would hold more, as with few input maps.
 */
export function bigFilter(net: Net): Lesson[] {
  const found = net.order
    .flatMap((id) => candidate(net, id) ?? [])
    .sort((a, b) => b.now - b.then - (a.now - a.then))
  const [first] = found
  if (!first) return []
  const { name } = net.layers.get(first.id)!
  const { size } = first
  const rows = (size - 1) / 2
  const word = {
    en: NUMBERS.en.split(' ')[rows - 2] ?? String(rows),
    ko: NUMBERS.ko.split(' ')[rows - 2] ?? String(rows),
  }
  const more = found.length - 1
  return [
    {
      severity: 'info',
      code: 'stack-replaces-filter',
      layer: first.id,
      param: 'kernel',
      message: text(
        `A ${size}×${size} filter has ${size * size} weights for each pair of maps; ${word.en} 3×3 in a row see the same ${size}×${size} with ${rows * 9}. ${name} would have ${grouped(first.then)} parameters instead of ${grouped(first.now)}.${more > 0 ? ` The same holds for ${more} other ${more > 1 ? 'layers' : 'layer'}.` : ''}`,
        `${size}×${size} 필터는 맵 한 쌍마다 가중치가 ${size * size}개이고, 3×3 필터 ${word.ko} 개를 쌓으면 같은 ${size}×${size} 영역을 ${rows * 9}개로 봅니다. ${name}의 파라미터가 ${grouped(first.now)}개에서 ${grouped(first.then)}개로 줄어듭니다.${more > 0 ? ` 다른 레이어 ${more}개도 마찬가지입니다.` : ''}`,
      ),
      fix: text(
        `Stack ${word.en} 3×3 convolutions with a ReLU between them, as in VGG.`,
        `VGG처럼 3×3 합성곱 ${word.ko} 개를 사이에 ReLU를 두고 쌓아 주세요.`,
      ),
      source: {
        citation:
          'Simonyan and Zisserman, Very deep convolutional networks for large-scale image recognition, 2014, section 2.3',
        url: 'https://arxiv.org/abs/1409.1556',
      },
      remedy: {
        label: text('Stack 3×3 convolutions', '3×3 합성곱으로 쌓기'),
        splices: found.map(({ splice }) => splice),
      },
    },
  ]
}

function candidate(net: Net, id: string): Candidate | null {
  const { kind, trainable, outputShape } = net.layers.get(id)!
  const inputs = kind === 'conv2d' ? inputsOf(net, id) : null
  if (!inputs || outputShape === null) return null
  const params = paramsOf(net, id) as unknown as Square
  const [size] = params.kernel
  if (!isPlainSquare(params) || inputs[0]!.slice(1).every((places) => places <= size!)) return null
  // there a 1x1 before it saves more
  if (inputs[0]![0]! >= SQUEEZE * params.filters) return null
  const rows = (size! - 1) / 2
  const one = { kernel: [3, 3], pads: [1, 1, 1, 1] }
  const first = figuresWith(net, id, one, inputs)
  const rest = figuresWith(net, id, one, [[params.filters, ...inputs[0]!.slice(1)]])
  const then = first.trainable + (rows - 1) * rest.trainable
  if (then >= trainable) return null
  const own = net.graph.layers.get(id)!.params
  const layer: NewLayer = { kind: 'conv2d', params: { ...own, ...one } }
  const put = Array.from({ length: rows }, (_, i) => (i === 0 ? [layer] : [{ kind: 'relu' }, layer])).flat()
  return { id, size: size!, now: trainable, then, splice: { take: [id], put } }
}

interface Square {
  readonly filters: number
  readonly kernel: readonly number[]
  readonly stride: readonly number[]
  readonly dilation: readonly number[]
  readonly padding: string
  readonly pads: readonly number[]
  readonly groups: number
}

/** Only such a filter has a row of 3x3 with the same output: as wide as high, odd, step by step, padded evenly. */
function isPlainSquare({ kernel, stride, dilation, padding, pads, groups }: Square): boolean {
  const [size] = kernel
  const even = pads.every((pad) => pad === (size! - 1) / 2)
  return (
    size! >= 5 &&
    size! % 2 === 1 &&
    size! <= 15 &&
    kernel.every((k) => k === size) &&
    [...stride, ...dilation].every((step) => step === 1) &&
    groups === 1 &&
    (padding !== 'explicit' || even)
  )
}
