const BLOCK = 512

/** One entry of a tar archive to be made; fields that are left out are those of an ordinary file. */
export interface TarPlan {
  readonly path: Uint8Array
  readonly content?: Uint8Array
  readonly type?: string
  /** First part of a long path (POSIX ustar). */
  readonly prefix?: Uint8Array
  /** Size as written, where it should lie. */
  readonly size?: string
}

/** Encodes a tar archive the plain way, after POSIX. */
export function encodeTar(entries: readonly TarPlan[]): Uint8Array {
  const blocks = entries.map(({ path, content = new Uint8Array(), type = '0', prefix, size }) => {
    const header = new Uint8Array(BLOCK)
    const ascii = (at: number, text: string): void =>
      header.set(
        [...text].map((c) => c.charCodeAt(0)),
        at,
      )
    header.set(path.subarray(0, 100))
    ascii(124, size ?? content.length.toString(8).padStart(11, '0'))
    ascii(156, type)
    ascii(257, 'ustar\x0000')
    if (prefix) header.set(prefix, 345)
    ascii(148, '        ')
    ascii(
      148,
      `${header
        .reduce((sum, byte) => sum + byte, 0)
        .toString(8)
        .padStart(6, '0')}\0 `,
    )
    const padded = new Uint8Array(Math.ceil(content.length / BLOCK) * BLOCK)
    padded.set(content)
    return [header, padded]
  })
  return Uint8Array.from([...blocks.flat(), new Uint8Array(2 * BLOCK)].flatMap((block) => [...block]))
}
