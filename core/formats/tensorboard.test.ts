import { expect, it } from 'vitest'
import { crc32c, writeEvents } from './tensorboard.ts'

/** Made by scripts/golden/tensorboard_events.py, with TensorBoard's own writer. */
const GOLDEN = [
  '1800000000000000a37f4b220900000040fc54d9411a0d627261696e2e4576656e743a32eced8f9d200000000000000029ed',
  'a9500900000040fc54d94110012a130a110a0a6c6f73732f747261696e150000204026fe53f92a00000000000000ae8d91f5',
  '0900006040fc54d94110ac022a1c0a1a0a1361636375726163792f76616c69646174696f6e150000403f0451485e',
].join('')

const bytesOf = (text: string) => new TextEncoder().encode(text)

it('sums as RFC 3720 does', () => {
  expect(crc32c(bytesOf('123456789'))).toBe(0xe3069283)
  expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa)
  expect(crc32c(new Uint8Array(32).fill(255))).toBe(0x62a8ab43)
})

it('writes what TensorBoard wrote for the same scalars', () => {
  const file = writeEvents([
    { tag: 'loss/train', step: 1, value: 2.5, time: 1_700_000_000 },
    { tag: 'accuracy/validation', step: 300, value: 0.75, time: 1_700_000_001.5 },
  ])
  expect(Buffer.from(file).toString('hex')).toBe(GOLDEN)
})
