import { axes, bool, choice, float, int } from '../core/layers/params.ts'
import { text } from '../core/network/text.ts'

/** Options that several families have. */

export const classesOption = (classes: number) =>
  int({ default: classes, min: 1, max: 100_000, label: text('Classes', '클래스 수') })

/** Height and width of the input. */
export const sizeOption = (size: number, min = 8) =>
  int({ default: size, min, max: 2048, label: text('Image size', '이미지 크기') })

/** Weighted layers, which `help` tells how to count. */
export const depthOption = (depth: number, help: ReturnType<typeof text>) =>
  int({ default: depth, min: 1, max: 10_000, label: text('Depth', '깊이'), help })

/** Channels of the first stage. */
export const widthOption = (width: number) =>
  int({
    default: width,
    min: 1,
    max: 4096,
    label: text('Width', '너비'),
    help: text(
      'Channels of the first stage; the others follow.',
      '첫 단계의 채널 수입니다. 나머지도 따라갑니다.',
    ),
  })

/** Units in each of four stages. */
export const blocksOption = () =>
  axes({
    default: [0, 0, 0, 0],
    axes: ['1', '2', '3', '4'],
    min: 0,
    max: 500,
    label: text('Units a stage', '단계별 유닛 수'),
    help: text('Four zeros: as the depth says.', '모두 0이면 깊이를 따릅니다.'),
  })

/** How a residual network leads values past its units (He et al. 2016, deep residual learning, section 4.1). */
export const shortcutOption = (shortcut: Shortcut) =>
  choice({
    default: shortcut as Shortcut,
    options: [
      { value: 'A', label: text('A: zero-padded channels', 'A: 채널을 0으로 채움') },
      { value: 'B', label: text('B: projection where the shape changes', 'B: 형태가 바뀌는 곳만 사영') },
      { value: 'C', label: text('C: projections everywhere', 'C: 모든 곳에서 사영') },
      { value: 'none', label: text('None (plain)', '없음(plain)') },
    ],
    label: text('Shortcuts', '지름길'),
    help: text(
      'The three kinds that the ResNet paper compares in its table 3.',
      'ResNet 논문의 표 3에서 비교하는 세 가지 방식입니다.',
    ),
  })
export type Shortcut = 'A' | 'B' | 'C' | 'none'

/** Local response normalization, where a paper has it (Krizhevsky et al. 2012). */
export const lrnOption = (on: boolean) =>
  bool({ default: on, label: text('Local response norm', '국소 응답 정규화(LRN)') })

/** Share of the values that dropout sets to 0. */
export const dropoutOption = (rate: number) =>
  float({ default: rate, min: 0, max: 0.95, label: text('Dropout', '드롭아웃') })

/** How convolutions begin: as the paper says, or as He et al. 2015 do. */
export const initializationOption = (usual: Initialization) =>
  choice({
    default: usual as Initialization,
    options: [
      { value: 'paper', label: text("The paper's normal distribution", '논문의 정규분포') },
      { value: 'he', label: text('He (2015)', 'He (2015)') },
    ],
    label: text('Initialization', '초기화'),
  })
export type Initialization = 'paper' | 'he'
