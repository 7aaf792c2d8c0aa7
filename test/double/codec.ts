/**
 * What the structured clone algorithm carries, as text: between Node and the page of the electron double there is only
 * the DevTools protocol, which carries strings. The function is self-contained, for its source also runs in the page.
 */
export function cloneCodec() {
  type Tagged = { $: string; v?: unknown }

  function toBase64(bytes: Uint8Array): string {
    let text = ''
    for (let i = 0; i < bytes.length; i += 8192) text += String.fromCharCode(...bytes.subarray(i, i + 8192))
    return btoa(text)
  }

  function pack(value: unknown): unknown {
    if (value === undefined) return { $: 'undefined' }
    if (typeof value === 'number' && !Number.isFinite(value)) return { $: 'number', v: String(value) }
    if (typeof value === 'bigint') return { $: 'bigint', v: String(value) }
    if (typeof value === 'function' || typeof value === 'symbol') {
      throw new DOMException(`${String(value)} could not be cloned.`, 'DataCloneError')
    }
    if (typeof value !== 'object' || value === null) return value
    if (value instanceof Date) return { $: 'date', v: value.getTime() }
    if (value instanceof Error) return { $: 'error', v: value.message }
    if (value instanceof ArrayBuffer) return { $: 'buffer', v: toBase64(new Uint8Array(value)) }
    if (ArrayBuffer.isView(value)) {
      const kind = Object.prototype.toString.call(value).slice(8, -1)
      return {
        $: 'view',
        v: [kind, toBase64(new Uint8Array(value.buffer, value.byteOffset, value.byteLength))],
      }
    }
    if (Array.isArray(value)) return { $: 'array', v: value.map(pack) }
    if (value instanceof Map) return { $: 'map', v: [...value].map(([k, v]) => [pack(k), pack(v)]) }
    if (value instanceof Set) return { $: 'set', v: [...value].map(pack) }
    return { $: 'object', v: Object.entries(value).map(([key, item]) => [key, pack(item)]) }
  }

  const fromBase64 = (text: string) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0))

  function unpack(packed: unknown): unknown {
    if (typeof packed !== 'object' || packed === null) return packed
    const { $, v } = packed as Tagged
    const items = v as unknown[]
    const pairs = v as [unknown, unknown][]
    switch ($) {
      case 'undefined':
        return undefined
      case 'number':
        return Number(v)
      case 'bigint':
        return BigInt(v as string)
      case 'date':
        return new Date(v as number)
      case 'error':
        return new Error(v as string)
      case 'buffer':
        return fromBase64(v as string).buffer
      case 'view': {
        const [kind, text] = v as [string, string]
        const View = (globalThis as unknown as Record<string, new (buffer: ArrayBuffer) => unknown>)[kind]
        return View === undefined ? undefined : new View(fromBase64(text).buffer)
      }
      case 'array':
        return items.map(unpack)
      case 'map':
        return new Map(pairs.map(([k, item]) => [unpack(k), unpack(item)]))
      case 'set':
        return new Set(items.map(unpack))
      default:
        return Object.fromEntries(pairs.map(([key, item]) => [key as string, unpack(item)]))
    }
  }

  return {
    encode: (value: unknown): string => JSON.stringify(pack(value)),
    decode: (text: string): unknown => unpack(JSON.parse(text)),
  }
}

/** A value after a trip through the structured clone algorithm, as every message of Electron makes one. */
export const { encode, decode } = cloneCodec()
