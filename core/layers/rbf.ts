import { text } from '../network/text.ts'
import { defineLayer } from './kind.ts'
import { int } from './params.ts'
import { CODE_HEIGHT, CODE_SIZE, CODE_WIDTH, rbfCodes } from './rbf-codes.ts'

export const rbf = defineLayer({
  kind: 'rbf',
  title: text('RBF output (LeNet)', 'RBF 출력 (LeNet)'),
  category: 'output',
  version: 1,
  inputs: [{ name: 'in', ranks: [1] }],
  summary: text(
    'Squared distance of its input to the fixed picture of each class; the nearest class wins.',
    '입력과 각 클래스의 고정된 그림 사이의 제곱 거리를 구합니다. 가장 가까운 클래스가 답입니다.',
  ),
  paper: {
    citation: 'LeCun et al., Gradient-based learning applied to document recognition, 1998, equation 7',
    url: 'https://doi.org/10.1109/5.726791',
  },
  params: {
    classes: int({
      default: 10,
      min: 2,
      max: 10_000,
      label: text('Classes', '클래스 수'),
      help: text(
        'One code of 84 values, +1 or -1, a class: drawn digits for the first ten, fixed random codes after.',
        '클래스마다 +1 또는 -1인 값 84개의 코드를 씁니다. 처음 열 개는 숫자 그림, 그 뒤는 고정된 무작위 코드입니다.',
      ),
      shownOnNode: true,
    }),
  },
  check: (_p, [shape]) =>
    shape![0] === CODE_SIZE
      ? []
      : [
          {
            severity: 'error',
            code: 'wrong-size',
            message: text(
              `The codes are pictures of ${CODE_WIDTH}×${CODE_HEIGHT}: ${CODE_SIZE} inputs are needed, ${shape![0]} come in.`,
              `코드는 ${CODE_WIDTH}×${CODE_HEIGHT} 그림이라 입력이 ${CODE_SIZE}개 필요한데 ${shape![0]}개가 들어옵니다.`,
            ),
            fix: text(
              `Put a Dense layer of ${CODE_SIZE} units before it.`,
              `앞에 유닛이 ${CODE_SIZE}개인 완전 연결 레이어를 두세요.`,
            ),
          },
        ],
  inferShape: (p) => [p.classes],
  weights: (p) => [
    {
      name: 'codes',
      shape: [p.classes, CODE_SIZE],
      init: { type: 'values', values: rbfCodes(p.classes) },
      trainable: false,
      decay: false,
    },
  ],
  macs: (p) => p.classes * CODE_SIZE,
  connections: (p) => p.classes * CODE_SIZE,
  head: 'distances',
  classesParam: 'classes',
  forward: (b, p, [x], w) => {
    const codes = b.reshape(w.codes!, [1, p.classes, CODE_SIZE])
    const apart = b.sub(b.reshape(x!, [x!.shape[0]!, 1, CODE_SIZE]), codes)
    return b.sum(b.mul(apart, apart), [2])
  },
  examples: [
    {
      inputs: [[84]],
      output: [10],
      trainable: 0,
      nonTrainable: 840,
      macs: 840,
      connections: 840,
      note: text('Output of LeNet-5', 'LeNet-5의 출력'),
    },
    {
      params: { classes: 26 },
      inputs: [[84]],
      output: [26],
      trainable: 0,
      nonTrainable: 2_184,
      macs: 2_184,
      connections: 2_184,
    },
  ],
})
