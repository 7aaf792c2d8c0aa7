import type { Issue } from '../network/issue.ts'
import { type Text, text } from '../network/text.ts'
import type { Receptive } from './kind.ts'
import {
  axisOf,
  namePlaces,
  resolveTransposed,
  resolveWindow,
  ruleOf,
  unreadPlaces,
  type WindowParams,
} from './window.ts'

interface AxisWords {
  readonly places: Text
  readonly size: Text
}
const HEIGHT: AxisWords = { places: text('row', '행을'), size: text('height', '높이') }
const WIDTH: AxisWords = { places: text('column', '열을'), size: text('width', '너비') }
const DEPTH: AxisWords = { places: text('slice', '단면을'), size: text('depth', '깊이') }
const LENGTH: AxisWords = { places: text('place', '위치를'), size: text('length', '길이') }

/** How people call axis `i` of a window; in Korean, the places as an object. */
const wordsOf = (params: WindowParams, i: number): AxisWords =>
  params.kernel.length === 1 ? LENGTH : [WIDTH, HEIGHT, DEPTH][params.kernel.length - 1 - i]!

/**
 * What every kind with a window over [C, L], [C, H, W] or [C, D, H, W] has to say of it: an error when it does not fit, a warning that names
 * the places that no window reads, e.g. rows and columns.
 */
export function checkWindow(params: WindowParams, sizes: readonly number[]): Omit<Issue, 'layer'>[] {
  const tooSmall = sizes.some((size, i) => axisOf(size, ruleOf(params, i)).output < 1)
  if (tooSmall) return [doesNotFit(params, sizes)]
  return sizes.flatMap((size, i) => checkRest(params, size, i))
}

/** For pooling: a window that lies wholly on padding has no maximum and no mean. */
export function checkPoolWindow(params: WindowParams, sizes: readonly number[]): Omit<Issue, 'layer'>[] {
  const pads = sizes.flatMap((_, i) => checkPads(params, i))
  return pads.length > 0 ? pads : checkWindow(params, sizes)
}

function doesNotFit(params: WindowParams, sizes: readonly number[]): Omit<Issue, 'layer'> {
  const extent = sizes.map((size, i) => axisOf(size, ruleOf(params, i)).extent).join('×')
  const padded = sizes.map((size, i) => {
    const { before, after } = axisOf(size, ruleOf(params, i))
    return size + before + after
  })
  const given = sizes.join('×')
  const wide = padded.join('×')
  const detail = wide === given ? text('', '') : text(` (${wide} with padding)`, `(패딩 포함 ${wide})`)
  return {
    severity: 'error',
    code: 'empty-output',
    param: 'kernel',
    message: text(
      `A ${extent} window does not fit in ${given}${detail.en}: the output would be empty.`,
      `${extent} 윈도는 ${given}${detail.ko} 안에 들어가지 않아 출력이 비게 됩니다.`,
    ),
    fix: text(
      'Make the kernel or its dilation smaller, add padding, or shrink the maps less in the layers before.',
      '커널이나 dilation을 줄이거나, 패딩을 더하거나, 앞 레이어에서 특징 맵을 덜 줄여 주세요.',
    ),
  }
}

function checkPads(params: WindowParams, i: number): Omit<Issue, 'layer'>[] {
  const rule = ruleOf(params, i)
  if (params.padding !== 'explicit') return []
  const extent = (rule.dilation ?? 1) * (rule.kernel - 1) + 1
  const most = Math.max(rule.before ?? 0, rule.after ?? 0)
  if (most < extent) return []
  const { size } = wordsOf(params, i)
  return [
    {
      severity: 'error',
      code: 'padding-too-wide',
      param: 'pads',
      message: text(
        `Padding of ${most} along the ${size.en} is as wide as the window (${extent}): some places would see padding alone.`,
        `${size.ko} 방향 패딩 ${most}이(가) 윈도 크기 ${extent} 이상이라, 일부 위치는 패딩만 보게 됩니다.`,
      ),
      fix: text(
        `Use at most ${extent - 1}, or put a Padding layer before this one.`,
        `${extent - 1} 이하로 하거나 이 레이어 앞에 패딩 레이어를 두세요.`,
      ),
    },
  ]
}

function checkRest(params: WindowParams, size: number, i: number): Omit<Issue, 'layer'>[] {
  const rule = ruleOf(params, i)
  const unread = unreadPlaces(size, rule)
  if (unread.length === 0) return []
  const { places } = wordsOf(params, i)
  const named = namePlaces(unread)
  const atEnd = unread[0] === size - unread.length
  const why = atEnd
    ? text(
        `a window of ${axisOf(size, rule).extent} moving by ${rule.stride} does not come out even`,
        `크기 ${axisOf(size, rule).extent}의 윈도를 ${rule.stride}칸씩 옮기면 나누어떨어지지 않습니다`,
      )
    : text(
        `a stride of ${rule.stride} jumps over them`,
        `스트라이드 ${rule.stride}이(가) 그 자리를 건너뜁니다`,
      )
  return [
    {
      severity: 'warning',
      code: 'stride-leaves-rest',
      param: 'stride',
      message: text(
        `${cap(places.en)}${unread.length > 1 ? 's' : ''} ${named.en} of ${size} ${unread.length > 1 ? 'are' : 'is'} never read: ${why.en}.`,
        `전체 ${size}개 중 ${named.ko} ${places.ko} 읽지 않습니다: ${why.ko}.`,
      ),
      fix: text(
        'Change the kernel, the stride or the padding if these pixels matter.',
        '이 픽셀이 필요하다면 커널, 스트라이드 또는 패딩을 바꿔 주세요.',
      ),
    },
  ]
}

/** For transposed convolutions: an error when the explicit padding cuts everything off. */
export function cropsAll(params: WindowParams, sizes: readonly number[]): Omit<Issue, 'layer'>[] {
  const { output } = resolveTransposed(params, sizes)
  if (output.every((places) => places >= 1)) return []
  const whole = resolveTransposed({ ...params, padding: 'valid' }, sizes).output.join('×')
  return [
    {
      severity: 'error',
      code: 'empty-output',
      param: 'pads',
      message: text(
        `The windows reach ${whole} places, and the padding cuts all of them off: the output would be empty.`,
        `윈도가 닿는 범위는 ${whole}인데 패딩이 모두 잘라 내어 출력이 비게 됩니다.`,
      ),
      fix: text('Cut off less.', '잘라 내는 크기를 줄여 주세요.'),
    },
  ]
}

/** The `receptive` facet of transposed convolutions: output place o reads the inputs i with o = i * stride - pad + tap. */
export function receptiveOfTransposed(params: WindowParams, sizes: readonly number[]): Receptive {
  const { kernel, stride, padBefore, dilation } = resolveTransposed(params, sizes).window
  return {
    kernel: kernel.map((k, i) => (k - 1) / stride[i]! + 1),
    stride: stride.map((s) => 1 / s),
    padBefore: padBefore.map((pad, i) => ((kernel[i]! - 1) * dilation[i]! - pad) / stride[i]!),
    dilation,
  }
}

const cap = (word: string): string => word[0]!.toUpperCase() + word.slice(1)

/** The `receptive` facet of every kind with a window. */
export function receptiveOf(params: WindowParams, sizes: readonly number[]): Receptive {
  const { kernel, stride, padBefore, dilation } = resolveWindow(params, sizes).window
  return { kernel, stride, padBefore, dilation }
}
