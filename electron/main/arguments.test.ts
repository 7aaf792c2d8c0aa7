import { resolve } from 'node:path'
import { expect, it } from 'vitest'
import { argumentsOf, documentsOf, isCommand } from './arguments.ts'

it('leaves out the program, and the folder that Electron is told in development', () => {
  expect(argumentsOf(['/opt/Layerloom/layerloom', 'train', 'lenet5'], true)).toEqual(['train', 'lenet5'])
  expect(argumentsOf(['electron', '.', 'train'], false)).toEqual(['train'])
})

it('tells commands from files and from the switches of the system', () => {
  for (const args of [['train', 'lenet5'], ['--help'], ['--version'], ['frobnicate']]) {
    expect([args, isCommand(args)]).toEqual([args, true])
  }
  for (const args of [
    [],
    ['net.layerloom'],
    ['--no-sandbox', 'net.layerloom'],
    ['--ozone-platform=x11'],
    ['/a/b'],
  ]) {
    expect([args, isCommand(args)]).toEqual([args, false])
  }
})

it('finds documents, from the folder where the person stood', () => {
  const args = ['--no-sandbox', '그물.layerloom', '--weird.layerloom', 'picture.png', '/a/B.LAYERLOOM']
  expect(documentsOf(args, '/home/me')).toEqual([
    resolve('/home/me/그물.layerloom'),
    resolve('/a/B.LAYERLOOM'),
  ])
})
