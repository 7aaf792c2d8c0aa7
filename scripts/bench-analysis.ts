/** How long the analysis of a network of many layers takes, unmeasured before: `npm run bench:analysis -- --layers 1000`. */
import { parseArgs } from 'node:util'
import { analyze } from '../core/analysis/analyze.ts'
import { network } from '../presets/builder.ts'

const { values: options } = parseArgs({
  options: { layers: { type: 'string', default: '1000' }, rounds: { type: 'string', default: '60' } },
})

/** Units of a convolution, a ReLU and a shortcut. */
function build(layers: number) {
  const net = network('deep')
  let before = net.add('input', 'input', { shape: [8, 16, 16] })
  for (let i = 0; i < layers / 3; i++) {
    net.add('conv2d', `conv${i}`, { filters: 8 })
    const after = net.add('relu', `relu${i}`)
    before = net.add('add', `add${i}`, {}, [after, before])
  }
  return net.build()
}

const times = Array.from({ length: Number(options.rounds) }, () => {
  const document = build(Number(options.layers))
  const begin = performance.now()
  analyze(document)
  return performance.now() - begin
}).sort((a, b) => a - b)
const at = (share: number) => times[Math.floor(share * (times.length - 1))]!.toFixed(1)
console.log(`${options.layers} layers: median ${at(0.5)} ms (fastest ${at(0)}, slowest ${at(1)})`)
