import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CodecError, decodeMessage, encodeMessage } from './codec.ts'

const bytes = (...values: number[]) => Uint8Array.from(values)

/** A binary frame with any header, as a hostile peer could send it. */
function forged(header: unknown, ...tail: number[]): Uint8Array {
  const text = JSON.stringify(header)
  const frame = new Uint8Array(4 + text.length + tail.length)
  new DataView(frame.buffer).setUint32(0, text.length, true)
  frame.set(
    Uint8Array.from(text, (c) => c.charCodeAt(0)),
    4,
  )
  frame.set(tail, 4 + text.length)
  return frame
}

describe('encodeMessage and decodeMessage', () => {
  it('writes text for a message without bytes', () => {
    expect(encodeMessage({ t: 'event', event: '메뉴' })).toBe('{"t":"event","event":"메뉴"}')
    expect(decodeMessage(encodeMessage(undefined))).toBeNull()
  })

  it('carries several byte arrays, an empty one and text beyond ASCII', () => {
    const value = { name: '손글씨 🖊', parts: [bytes(1, 2), { deep: bytes() }, bytes(255)], n: -0.5 }
    expect(encodeMessage(value)).toBeInstanceOf(Uint8Array)
    expect(decodeMessage(encodeMessage(value))).toEqual(value)
  })

  it('carries a message that is nothing but bytes', () => {
    expect(decodeMessage(encodeMessage(bytes(7, 8)))).toEqual(bytes(7, 8))
  })

  it('sends only the part of a buffer that a view shows', () => {
    const view = bytes(1, 2, 3, 4).subarray(1, 3)
    expect(decodeMessage(encodeMessage({ view }))).toEqual({ view: bytes(2, 3) })
  })

  it('gives back any JSON value with bytes anywhere in it', () => {
    const value = fc.letrec((tie) => ({
      any: fc.oneof(
        { depthSize: 'small' },
        fc.jsonValue().map((v) => JSON.parse(JSON.stringify(v))),
        fc.uint8Array(),
        fc.array(tie('any'), { maxLength: 4 }),
        fc.dictionary(fc.string(), tie('any'), { maxKeys: 4, noNullPrototype: true }),
      ),
    })).any
    fc.assert(
      fc.property(value, (v) => {
        expect(decodeMessage(encodeMessage(v))).toEqual(v)
      }),
    )
  })

  it.each([
    ['no JSON', '{"a":'],
    ['too short for its own length', bytes(1, 2)],
    ['shorter than its header', bytes(200, 0, 0, 0, 1)],
    ['no list of bytes', forged({ value: 1 })],
    ['bytes missing', forged({ value: null, bytes: [[[], 3]] }, 1, 2)],
    ['bytes left over', forged({ value: null, bytes: [[[], 1]] }, 1, 2)],
    ['a negative length', forged({ value: null, bytes: [[[], -1]] }, 1)],
    ['a place that does not exist', forged({ value: {}, bytes: [[['a'], 1]] }, 1)],
    ['a place that is taken', forged({ value: { a: 1 }, bytes: [[['a'], 1]] }, 1)],
    ['a prototype', forged({ value: {}, bytes: [[['__proto__', 'polluted'], 1]] }, 1)],
  ])('refuses a frame with %s', (_, frame) => {
    expect(() => decodeMessage(frame)).toThrow(CodecError)
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false)
  })
})
