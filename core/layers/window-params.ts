import { text } from '../network/text.ts'
import { axes, bool, choice } from './params.ts'
import type { PaddingMode } from './window.ts'

/** Number of spatial axes of a window. */
export type Rank = 1 | 2 | 3

const AXES = { 1: ['L'], 2: ['H', 'W'], 3: ['D', 'H', 'W'] } as const
const SIDES = {
  1: ['start', 'end'],
  2: ['top', 'bottom', 'left', 'right'],
  3: ['front', 'back', 'top', 'bottom', 'left', 'right'],
} as const

const all = (rank: Rank, value: number): number[] => new Array<number>(rank).fill(value)

/** Kernel size an axis. */
export const kernelParam = (size: number, rank: Rank = 2) =>
  axes({
    default: all(rank, size),
    axes: AXES[rank],
    min: 1,
    max: 512,
    label: text('Kernel', '커널'),
    help: {
      1: text('Length of the window, in places.', '윈도의 길이(칸 수)입니다.'),
      2: text('Height and width of the window, in places.', '윈도의 높이와 너비(칸 수)입니다.'),
      3: text('Depth, height and width of the window, in places.', '윈도의 깊이, 높이, 너비(칸 수)입니다.'),
    }[rank],
    shownOnNode: true,
  })

export const strideParam = (step: number, rank: Rank = 2) =>
  axes({
    default: all(rank, step),
    axes: AXES[rank],
    min: 1,
    max: 512,
    label: text('Stride', '스트라이드'),
    help: text(
      'How many places the window moves at a time, along each axis.',
      '윈도가 각 축을 따라 한 번에 움직이는 칸 수입니다.',
    ),
    shownOnNode: true,
  })

export const dilationParam = (rank: Rank = 2) =>
  axes({
    default: all(rank, 1),
    axes: AXES[rank],
    min: 1,
    max: 256,
    label: text('Dilation', '팽창(dilation)'),
    help: text(
      'Distance between neighbouring taps of the kernel; 1 is an ordinary kernel.',
      '커널에서 이웃한 가중치 사이의 간격입니다. 1이면 일반 커널입니다.',
    ),
    shownOnNode: true,
  })

export const paddingParam = (mode: 'same' | 'valid') =>
  choice({
    default: mode as PaddingMode,
    options: [
      { value: 'same', label: text('Same size', '같은 크기(same)') },
      { value: 'valid', label: text('None', '없음(valid)') },
      { value: 'explicit', label: text('Explicit', '직접 지정') },
    ],
    label: text('Padding', '패딩'),
    help: text(
      'Same: the output has ceil(input / stride) places. None: windows stay inside the input. Explicit: the amounts below.',
      '같은 크기: 출력이 ceil(입력 / 스트라이드)칸이 됩니다. 없음: 윈도가 입력 안에만 놓입니다. 직접 지정: 아래 값을 씁니다.',
    ),
    shownOnNode: true,
  })

export const padsParam = (rank: Rank = 2) =>
  axes({
    default: all(rank, 0).concat(all(rank, 0)),
    axes: SIDES[rank],
    min: 0,
    max: 1024,
    label: text('Padding amounts', '패딩 크기'),
    help: {
      1: text(
        'Places before and after; used when padding is Explicit.',
        '앞과 뒤에 더할 칸 수입니다. 패딩이 직접 지정일 때 씁니다.',
      ),
      2: text(
        'Rows above and below, columns left and right; used when padding is Explicit.',
        '위, 아래 행과 왼쪽, 오른쪽 열의 수입니다. 패딩이 직접 지정일 때 씁니다.',
      ),
      3: text(
        'Slices before and behind, rows above and below, columns left and right; used when padding is Explicit.',
        '앞, 뒤 단면과 위, 아래 행, 왼쪽, 오른쪽 열의 수입니다. 패딩이 직접 지정일 때 씁니다.',
      ),
    }[rank],
  })

export const ceilParam = () =>
  bool({
    default: false,
    label: text('Round up', '올림(ceil)'),
    help: text(
      'Let a last, incomplete window hang over the edge instead of leaving the rest out.',
      '마지막에 다 차지 않는 윈도를 버리지 않고 가장자리 밖으로 걸쳐 둡니다.',
    ),
  })
