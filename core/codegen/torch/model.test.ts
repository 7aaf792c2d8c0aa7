import { expect, it } from 'vitest'
import { network } from '../../../presets/builder.ts'
import { presetOf } from '../../../presets/index.ts'
import { torchSource } from './model.ts'

const codeOf = (id: string, options = {}) => torchSource(presetOf(id)!.build(options)).code

it('writes units that differ in figures and shortcuts as one class, and repeats as loops', () => {
  const code = codeOf('resnet-20-cifar')
  expect(code.match(/^class \w+/gm)).toEqual([
    'class ZeroPadShortcut',
    'class BasicBlock',
    'class ResNet20CIFAR',
  ])
  expect(code).toContain('def __init__(self, in_channels, out_channels, stride=1, shortcut=None):')
  expect(code).toContain('self.conv2_x = nn.Sequential(*(BasicBlock(16, 16) for _ in range(3)))')
  expect(code).toContain('BasicBlock(16, 32, stride=2, shortcut=ZeroPadShortcut(32, stride=2)),')
  expect(code).toContain('return F.relu(self.shortcut(x) + y)')
})

it('counts up in a loop where channels grow evenly', () => {
  const code = codeOf('densenet-bc-100', { depth: 40 })
  expect(code).toContain('*(DenseLayer(24 + 12 * i) for i in range(6))')
  expect(code).toContain('return torch.cat((x, self.conv2(y)), 1)')
})

it('gives branches names of their own and hands auxiliary outputs out in training alone', () => {
  const code = codeOf('googlenet', { size: 96 })
  expect(code).toContain('return torch.cat((conv_1x1, conv_3x3, conv_5x5, x), 1)')
  expect(code).toContain('if self.training:\n            aux1 = self.aux1(x)')
  expect(code).toContain('return x, aux1, aux2')
})

it('names every weight once', () => {
  for (const id of ['lenet5', 'resnet-50', 'densenet-121', 'googlenet', 'wrn-28-10', 'preact-resnet-164']) {
    const { names } = torchSource(presetOf(id)!.build())
    expect([id, new Set(names.values()).size]).toEqual([id, names.size])
  }
})

it('keeps away from names that Python, PyTorch and the file itself have', () => {
  const net = network('PartialConv2d')
  net.add('input', 'input', { shape: [1, 8, 8] })
  net.add('conv2d', 'forward', { filters: 2 })
  net.add('conv2d', 'lambda', { filters: 2 })
  net.add('conv2d', '2-합성곱', { filters: 2 })
  net.add('flatten', 'flatten')
  net.add('dense', 'x', { units: 2 })
  const { code, names } = torchSource(net.build())
  expect(code).toContain('class PartialConv2dNetwork(nn.Module)')
  expect([...names.values()].filter((name) => name.endsWith('.weight'))).toEqual([
    'forward_.weight',
    'lambda_.weight',
    'conv_2.weight',
    'fc_x.weight',
  ])
})

it('leaves a softmax at the end to the loss', () => {
  const net = network('probabilities')
  net.add('input', 'input', { shape: [1, 4, 4] })
  net.add('flatten', 'flatten')
  net.add('dense', 'fc', { units: 3 })
  net.add('softmax', 'softmax')
  expect(torchSource(net.build()).code).toMatch(/return self\.fc\(x\.flatten\(1\)\)|return self\.fc\(x\)/)
})
