import { expect, it } from 'vitest'
import { isPickle, pickleAdvice } from './pickle.ts'
import { writeSafetensors } from './safetensors.ts'

const bytes = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0))

it('knows the files of torch.save, old and new', () => {
  expect(isPickle(bytes(`PK\x03\x04${'\0'.repeat(26)}archive/data.pkl`))).toBe(true)
  expect(isPickle(Uint8Array.of(0x80, 2, 0x8a, 10))).toBe(true)
})

it('leaves other archives and weights alone', () => {
  expect(isPickle(bytes(`PK\x03\x04${'\0'.repeat(26)}metadata.json`))).toBe(false)
  expect(isPickle(Uint8Array.of(0x80, 0, 0, 0, 0, 0, 0, 0, 0x7b))).toBe(false)
  expect(isPickle(new Uint8Array())).toBe(false)
})

it('says what to do, naming the file', () => {
  for (const said of Object.values(pickleAdvice('a.pth'))) expect(said).toMatch(/^a\.pth.*save_file/)
})

it('takes no safetensors file for one, however long its header is', () => {
  const begins = new Set<number>()
  for (let length = 1; length < 1500; length++) {
    const file = writeSafetensors([{ name: 'w'.repeat(length), shape: [1], data: Float32Array.of(0) }])
    begins.add(file[0]!)
    expect(isPickle(file)).toBe(false)
  }
  // some do begin as a pickle does
  expect(begins).toContain(0x80)
})
