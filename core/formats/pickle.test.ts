import { expect, test } from 'vitest'
import { isPickle } from './pickle.ts'
import { writeSafetensors } from './safetensors.ts'

test('takes no safetensors file for a pickle, however long its header is', () => {
  const begins = new Set<number>()
  for (let length = 1; length < 1500; length++) {
    const file = writeSafetensors([{ name: 'w'.repeat(length), shape: [1], data: Float32Array.of(0) }])
    begins.add(file[0]!)
    expect(isPickle(file)).toBe(false)
  }
  // some do begin as a pickle does
  expect(begins).toContain(0x80)
})

test('knows what torch.save wrote, before PyTorch 1.6 and since', () => {
  expect(isPickle(Uint8Array.of(0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20))).toBe(true)
  expect(isPickle(new TextEncoder().encode('PK\u0003\u0004 archive/data.pkl'))).toBe(true)
  expect(isPickle(new TextEncoder().encode('PK\u0003\u0004 pictures/cat.png'))).toBe(false)
})
