import { expect, test } from 'vitest'
import { network } from '../../presets/builder.ts'
import { appendGradients } from './autodiff.ts'
import { compileTraining } from './compile.ts'
import { interpret } from './executors/reference.ts'
import { Program } from './program.ts'

test('the same reshape, scaling or expansion of a tensor is made once', () => {
  const program = new Program()
  const x = program.input('x', [6])
  expect(program.reshape(x, [2, 3])).toBe(program.reshape(x, [2, 3]))
  expect(program.affine(x, 2, 1)).toBe(program.affine(x, 2, 1))
  const one = program.input('one', [1])
  expect(program.expand(one, [4])).toBe(program.expand(one, [4]))
  expect(program.operations).toHaveLength(3)
  expect(program.affine(x, 2)).not.toBe(program.affine(x, 2, 1))
  expect(program.reshape(x, [3, 2])).not.toBe(program.reshape(x, [2, 3]))
})

test('the gradient of a weight that a layer flattens again is found', () => {
  const program = new Program()
  const flat = program.input('flat', [6])
  const weight = program.reshape(flat, [2, 3])
  const loss = program.sum(program.reshape(weight, [6]), [0])
  const [gradient] = appendGradients(program, loss, [weight])
  program.output('gradient', gradient!)
  const { gradient: found } = interpret(program, { flat: new Float64Array(6) })
  expect([...found!.data]).toEqual([1, 1, 1, 1, 1, 1])
})

test('L2 adds one view per weight that decays, and no arithmetic', () => {
  const operations = (layers: number, weightDecay: number) => {
    const net = network('deep')
    net.add('input', 'input', { shape: [1, 2, 2] })
    net.add('flatten', 'flatten')
    for (let i = 0; i < layers; i++) net.add('dense', `dense${i}`, { units: 4 })
    const optimizer = { type: 'sgd', momentum: 0, weightDecay } as const
    return compileTraining(net.build(), { batch: 2, optimizer }).program.operations.length
  }
  const extra = (layers: number) => operations(layers, 0.1) - operations(layers, 0)
  expect(extra(12)).toBe(extra(3) + 9)
})
