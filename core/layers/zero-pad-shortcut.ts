import { text } from '../network/text.ts'
import { defineLayer } from './kind.ts'
import { int } from './params.ts'
import { resolveWindow } from './window.ts'
import { receptiveOf } from './window-check.ts'
import { strideParam } from './window-params.ts'

/** Every stride-th place. */
const places = (stride: readonly number[]) => ({ kernel: stride.map(() => 1), stride })

export const zeroPadShortcut = defineLayer({
  kind: 'zero-pad-shortcut',
  title: text('Zero-pad shortcut (ResNet)', '제로 패딩 숏컷 (ResNet)'),
  category: 'merge',
  version: 1,
  inputs: [{ name: 'in', ranks: [3] }],
  summary: text(
    'Takes places at a stride and adds channels of zeros: the shortcut without weights, option A of ResNet.',
    '스트라이드만큼 건너뛰며 값을 꺼내고 0으로 된 채널을 덧붙입니다. 가중치가 없는 숏컷(ResNet의 옵션 A)입니다.',
  ),
  paper: {
    citation: 'He et al., Deep residual learning for image recognition, 2015, section 4.1',
    url: 'https://arxiv.org/abs/1512.03385',
  },
  params: {
    channels: int({
      default: 32,
      min: 1,
      max: 65_536,
      label: text('Channels', '채널 수'),
      help: text(
        'Channels of the output; those beyond the input are zero and stand behind the others.',
        '출력 채널의 수입니다. 입력보다 많은 채널은 0이며 뒤에 붙습니다.',
      ),
      shownOnNode: true,
    }),
    stride: strideParam(2),
  },
  check: (p, [shape]) => {
    if (p.channels >= shape![0]!) return []
    return [
      {
        severity: 'error',
        code: 'too-few-channels',
        param: 'channels',
        message: text(
          `${shape![0]} channels come in, more than the ${p.channels} of the output.`,
          `들어오는 채널 ${shape![0]}개가 출력 채널 ${p.channels}개보다 많습니다.`,
        ),
        fix: text(`Use ${shape![0]} or more.`, `${shape![0]} 이상으로 해 주세요.`),
      },
    ]
  },
  inferShape: (p, [shape]) => [p.channels, ...resolveWindow(places(p.stride), shape!.slice(1)).output],
  receptive: (p, [shape]) => receptiveOf(places(p.stride), shape!.slice(1)),
  forward: (b, p, [x]) => {
    const { window } = resolveWindow(places(p.stride), x!.shape.slice(2))
    // the mean over one place
    const taken = p.stride.every((step) => step === 1) ? x! : b.avgPool(x!, window, false)
    const missing = p.channels - x!.shape[1]!
    if (missing === 0) return taken
    return b.pad(taken, [
      [0, 0],
      [0, missing],
      [0, 0],
      [0, 0],
    ])
  },
  examples: [
    {
      inputs: [[16, 32, 32]],
      output: [32, 16, 16],
      trainable: 0,
      macs: 0,
      note: text('Between the first two stages of ResNet-20', 'ResNet-20의 첫 두 단계 사이'),
    },
    {
      params: { channels: 5, stride: [1, 1] },
      inputs: [[3, 4, 4]],
      output: [5, 4, 4],
      trainable: 0,
      macs: 0,
    },
    {
      params: { channels: 2, stride: [2, 3] },
      inputs: [[2, 5, 7]],
      output: [2, 3, 3],
      trainable: 0,
      macs: 0,
    },
  ],
})
