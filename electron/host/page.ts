import { readFile } from 'node:fs/promises'
import { extname, join, normalize, sep } from 'node:path'

/** What a host answers to a request for a part of the page. */
export interface PageFile {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array<ArrayBuffer>
}

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.webp': 'image/webp',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
}

/**
 * The page's rules: nothing but its own files, neither code nor style sheets from text, no frames, no plugins.
 * `connect` are addresses beside its own.
 */
function contentSecurityPolicy(connect: readonly string[] = []): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "worker-src 'self'",
    ['connect-src', "'self'", ...connect].join(' '),
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
}

/**
 * Reads a file of the built page: `path` is the path of a URL, percent-encoded. Answers 404 for what is not there and
 * for everything outside `root`, so that the two can't be told apart.
 */
export async function pageFile(
  root: string,
  path: string,
  connect: readonly string[] = [],
): Promise<PageFile> {
  const headers = {
    'content-security-policy': contentSecurityPolicy(connect),
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
  }
  const file = resolveInside(root, path === '/' ? '/index.html' : path)
  const content = file === null ? null : await readFile(file).catch(() => null)
  if (file === null || content === null) {
    return {
      status: 404,
      headers: { ...headers, 'content-type': 'text/plain' },
      body: encode('not found\n'),
    }
  }
  const type = types[extname(file)] ?? 'application/octet-stream'
  // names in assets/ hold a hash of their content; everything else may be another file after an update
  const cache = path.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-store'
  return {
    status: 200,
    headers: { ...headers, 'content-type': type, 'cache-control': cache },
    body: new Uint8Array(content),
  }
}

const encode = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text)

function resolveInside(root: string, path: string): string | null {
  try {
    const file = normalize(join(root, decodeURIComponent(path)))
    return file.startsWith(normalize(root) + sep) && !file.includes('\0') ? file : null
  } catch {
    return null
  }
}
