import { expect, test } from 'vitest'
import { network } from '../../presets/builder.ts'
import { compileTraining } from './compile.ts'
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

test('a reshape back gives the tensor itself', () => {
  const program = new Program()
  const x = program.input('x', [6])
  expect(program.reshape(program.reshape(x, [2, 3]), [6])).toBe(x)
})

test('L2 adds no operation per weight', () => {
  const operations = (layers: number, weightDecay: number) => {
    const net = network('deep')
    net.add('input', 'input', { shape: [1, 2, 2] })
    net.add('flatten', 'flatten')
    for (let i = 0; i < layers; i++) net.add('dense', `dense${i}`, { units: 4 })
    const optimizer = { type: 'sgd', momentum: 0, weightDecay } as const
    return compileTraining(net.build(), { batch: 2, optimizer }).program.operations.length
  }
  const extra = (layers: number) => operations(layers, 0.1) - operations(layers, 0)
  expect(extra(12)).toBe(extra(3))
})
