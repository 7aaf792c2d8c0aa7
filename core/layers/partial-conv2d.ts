import { text } from '../network/text.ts'
import { startParams, startWeights } from './initializers.ts'
import { defineLayer } from './kind.ts'
import { table } from './params.ts'
import { product } from './shape.ts'
import { resolveWindow } from './window.ts'
import { checkWindow, receptiveOf } from './window-check.ts'
import { kernelParam, paddingParam, padsParam, strideParam } from './window-params.ts'

type Table = readonly (readonly boolean[])[]

/** Table I of the paper: for each of C3's 16 maps, the maps of S2 that it sees. */
const LENET_C3 = '012 123 234 345 045 015 0123 1234 2345 0345 0145 0125 0134 1245 0235 012345'.split(' ')
const lenetTable: Table = [0, 1, 2, 3, 4, 5].map((row) => LENET_C3.map((maps) => maps.includes(`${row}`)))

const columnsOf = (table: Table) => table[0]?.length ?? 0
const inputsOf = (table: Table, column: number) => table.filter((row) => row[column]).length

/** [input map, output map] of every connection, output map by output map: the order of the stored kernels. */
function connectionsOf(table: Table): [number, number][] {
  const list: [number, number][] = []
  for (let column = 0; column < columnsOf(table); column++)
    for (let row = 0; row < table.length; row++) if (table[row]![column]) list.push([row, column])
  return list
}

export const partialConv2d = defineLayer({
  kind: 'partial-conv2d',
  title: text('Partial conv 2D (LeNet)', '부분 연결 Conv 2D (LeNet)'),
  category: 'conv',
  version: 1,
  inputs: [{ name: 'in', ranks: [3] }],
  summary: text(
    'A convolution whose output maps each see only some input maps, as a table says. Breaks symmetry and saves weights.',
    '출력 맵마다 표에 정해진 일부 입력 맵만 보는 합성곱입니다. 대칭을 깨고 가중치를 줄입니다.',
  ),
  paper: {
    citation:
      'LeCun et al., Gradient-based learning applied to document recognition, 1998, layer C3 and table I',
    url: 'https://doi.org/10.1109/5.726791',
  },
  params: {
    table: table({
      default: lenetTable,
      rows: text('Input maps', '입력 맵'),
      columns: text('Output maps', '출력 맵'),
      label: text('Connections', '연결 표'),
      help: text(
        'Which input map (row) feeds which output map (column). One kernel is stored for each mark.',
        '어떤 입력 맵(행)이 어떤 출력 맵(열)으로 이어지는지 정합니다. 표시마다 커널 하나가 저장됩니다.',
      ),
      shownOnNode: true,
    }),
    kernel: kernelParam(5),
    stride: strideParam(1),
    padding: paddingParam('valid'),
    pads: padsParam(),
    ...startParams('lenet'),
  },
  check: (p, [shape]) => {
    const channels = shape![0]!
    if (p.table.length !== channels)
      return [
        {
          severity: 'error',
          code: 'channel-mismatch',
          param: 'table',
          message: text(
            `The table has ${p.table.length} rows, but ${channels} maps come in.`,
            `표의 행은 ${p.table.length}개인데 들어오는 맵은 ${channels}개입니다.`,
          ),
          fix: text(
            `Give the table ${channels} rows, one an input map.`,
            `표를 입력 맵마다 한 행씩 ${channels}행으로 맞춰 주세요.`,
          ),
        },
      ]
    const blind = p.table[0]!.findIndex((_, column) => inputsOf(p.table, column) === 0)
    if (blind >= 0)
      return [
        {
          severity: 'error',
          code: 'map-without-input',
          param: 'table',
          message: text(
            `Output map ${blind} sees no input map: its column is empty.`,
            `출력 맵 ${blind}번의 열이 비어 있어 입력 맵을 하나도 보지 않습니다.`,
          ),
          fix: text(
            'Mark at least one input map, or take the column out.',
            '입력 맵을 하나 이상 표시하거나 열을 지워 주세요.',
          ),
        },
      ]
    return checkWindow(p, shape!.slice(1))
  },
  inferShape: (p, [shape]) => [columnsOf(p.table), ...resolveWindow(p, shape!.slice(1)).output],
  weights: (p) => {
    const area = product(p.kernel)
    const pairs = connectionsOf(p.table)
    const fanIns = pairs.map(([, column]) => inputsOf(p.table, column) * area)
    const fanIn = (pairs.length * area) / columnsOf(p.table)
    const fanOut = (pairs.length * area) / p.table.length
    return startWeights(p, [pairs.length, ...p.kernel], columnsOf(p.table), { fanIn, fanOut, fanIns })
  },
  macs: (p, _inputs, [, ...places]) => connectionsOf(p.table).length * product(p.kernel) * product(places),
  connections: (p, _inputs, [maps, ...places]) =>
    (connectionsOf(p.table).length * product(p.kernel) + (p.bias ? maps! : 0)) * product(places),
  receptive: (p, [shape]) => receptiveOf(p, shape!.slice(1)),
  forward: (b, p, [x], w) => {
    const area = product(p.kernel)
    const pairs = connectionsOf(p.table)
    const rows = p.table.length
    const indices = new Int32Array(columnsOf(p.table) * rows * area).fill(-1)
    for (const [at, [row, column]] of pairs.entries())
      for (let k = 0; k < area; k++) indices[(column * rows + row) * area + k] = at * area + k
    const stored = b.reshape(w.weight!, [pairs.length * area])
    const full = b.gather(stored, indices, [columnsOf(p.table), rows, ...p.kernel])
    return b.conv(x!, full, w.bias ?? null, resolveWindow(p, x!.shape.slice(2)).window, 1)
  },
  examples: [
    {
      inputs: [[6, 14, 14]],
      output: [16, 10, 10],
      trainable: 1_516,
      macs: 150_000,
      connections: 151_600,
      note: text('C3 of LeNet-5', 'LeNet-5의 C3'),
    },
    {
      params: {
        table: [
          [true, false],
          [true, true],
        ],
        kernel: [3, 3],
        padding: 'same',
        bias: false,
      },
      inputs: [[2, 4, 4]],
      output: [2, 4, 4],
      trainable: 27,
      macs: 432,
      connections: 432,
    },
  ],
})
