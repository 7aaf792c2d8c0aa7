import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import createLibjpeg, { type MozJPEGModule } from '@jsquash/jpeg/codec/dec/mozjpeg_dec.js'
import { type DecodedJpeg, handInJpegDecoder } from '../../../core/data/images/index.ts'

/** Its file, beside the bundle or a folder above its chunks, or in the package. */
const FILE = 'mozjpeg_dec.wasm'
const PACKAGE = '../../../node_modules/@jsquash/jpeg/codec/dec'
/** Memory of a decoder is never given back: one that had a larger picture than that is let go of. */
const LARGE = 2 ** 23

/** What libjpeg says of files that it decodes all the same, and that are whole: bytes of no meaning between markers. */
const HARMLESS = /extraneous bytes/

/** What is used of the global object that Node's types say nothing of. */
interface Wasm {
  readonly Module: new (bytes: Uint8Array) => object
  readonly Instance: new (module: object, imports: object) => { readonly exports: object }
}
const { WebAssembly: wasm } = globalThis as unknown as { WebAssembly: Wasm }

let compiled: object | null = null
let libjpeg: { decode: MozJPEGModule['decode']; said: string[] } | null = null

function compile(folder: string = dirname(fileURLToPath(import.meta.url))): object {
  const candidates = [join(folder, FILE), join(folder, '..', FILE), join(folder, PACKAGE, FILE)]
  const found = candidates.find((path) => existsSync(path))
  if (!found) throw new Error(`libjpeg is missing: looked for ${candidates.join(', ')}: build again`)
  return new wasm.Module(readFileSync(found))
}

/** A new libjpeg. All of it runs before the call returns, since its module is compiled already. */
function open() {
  compiled ??= compile()
  const program = compiled
  const said: string[] = []
  const module = {
    noInitialRun: true,
    printErr: (line: string) => void said.push(line),
    instantiateWasm(imports: object, done: (instance: object) => void) {
      const instance = new wasm.Instance(program, imports)
      done(instance)
      return instance.exports
    },
  }
  void createLibjpeg(module as unknown as Parameters<typeof createLibjpeg>[0])
  return { decode: (module as unknown as MozJPEGModule).decode, said }
}

/**
 * Decodes a JPEG by libjpeg, compiled to WebAssembly without instructions that some machines lack: the same bytes
 * everywhere, and those that Pillow and torchvision read. As it is stored: a camera's note on how it was held is not
 * followed.
 *
 * @throws Error with libjpeg's own words where the file is broken.
 */
export function decodeJpeg(bytes: Uint8Array): DecodedJpeg {
  libjpeg ??= open()
  const { decode, said } = libjpeg
  said.length = 0
  const picture = attempt(() => decode(bytes as Uint8Array<ArrayBuffer>, false))
  const complaint = said.find((line) => !HARMLESS.test(line))
  // where it can't go on it ends its program, and what it held stays held
  if (!picture || complaint !== undefined || picture.width * picture.height > LARGE) libjpeg = null
  if (!picture || complaint !== undefined) throw new Error(complaint ?? 'it can not be decoded')
  return picture
}

function attempt<T>(work: () => T): T | null {
  try {
    return work()
  } catch {
    return null
  }
}

handInJpegDecoder(decodeJpeg)
