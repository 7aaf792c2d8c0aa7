import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { readNpy } from '../../core/formats/npy.ts'
import { parseDocument } from '../../core/network/document.ts'
import { call, expectError, file, home, json } from '../../test/cli.ts'

const golden = join(import.meta.dirname, '..', '..', 'test', 'golden', 'data', 'onnx')

it('brings a network of PyTorch in, with weights that give its logits', async () => {
  const [network, weights, run] = ['net.layerloom', 'net.safetensors', 'run'].map((name) => join(home, name))
  const args = ['import', join(golden, 'torch.onnx'), '--out', network!, '--weights', weights!]
  const { code, stdout, stderr } = await call(...args, '--json')
  expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringMatching(/^note: .*how pixels become/) })
  const told = JSON.parse(stdout) as Record<string, unknown>
  expect(told).toMatchObject({ path: network, weights, notes: [expect.any(String)] })
  expect(parseDocument(readFileSync(network!, 'utf8')).layers).toHaveLength(told.layers as number)
  await json('load', network!, '--weights', weights!, '--out', run!)
  const rows = await json<{ logits: number[] }[]>('predict', run!, join(golden, 'input.npy'), '--logits')
  const expected = readNpy(readFileSync(join(golden, 'logits.npy'))).data
  const actual = rows.flatMap(({ logits }) => logits)
  expect(actual).toHaveLength(expected.length)
  expect(Math.max(...actual.map((value, i) => Math.abs(value - expected[i]!)))).toBeLessThan(1e-5)
})

it('takes our own exports back', async () => {
  const [exported, network] = [join(home, 'lenet.onnx'), join(home, 'lenet.layerloom')]
  await json('export', 'lenet5-modern', '--format', 'onnx', '--out', exported)
  await json('import', exported, '--out', network)
  const before = await json<{ totals: object }>('summary', 'lenet5-modern')
  const after = await json<{ totals: object }>('summary', network)
  expect(after.totals).toEqual(before.totals)
})

it('refuses what it can not read in one line', async () => {
  const out = ['--out', join(home, 'never.layerloom')]
  expectError(await call('import', join(home, 'none.onnx'), ...out), 1, /can't read .*none\.onnx \(ENOENT\)/)
  expectError(await call('import', file('odd.onnx', 'odd'), ...out), 1, /odd\.onnx: not a usable ONNX file/)
  expectError(
    await call('import', file('odd.txt', 'odd'), ...out),
    1,
    /odd\.txt is of no format that is read/,
  )
})
