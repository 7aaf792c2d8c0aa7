import { migrate } from './migrations.ts'
import { documentSchema, FORMAT_VERSION, type NetworkDocument } from './schema.ts'
import { type Text, text } from './text.ts'

/** Name of the one output port that every layer has. */
export const OUTPUT_PORT = 'out'

/** A file that is no readable network. `message` is the English sentence, one line; `text` has both languages. */
export class DocumentError extends Error {
  override readonly name = 'DocumentError'
  /** `not-json`, `not-a-network`, `newer-version`, `wrong-schema`, `duplicate-id`, `dangling-wire`. */
  readonly code: string
  readonly text: Text
  constructor(code: string, message: Text) {
    super(message.en)
    this.code = code
    this.text = message
  }
}

/** An empty network. */
export function createDocument(name: string): NetworkDocument {
  return { format: 'layerloom', version: FORMAT_VERSION, name, nextId: 1, layers: [], wires: [], groups: [] }
}

/**
 * Reads a network from the text of a `.layerloom` file: migrates older versions up, checks the schema and that every
 * wire and group leads somewhere. Unknown fields and unknown layer kinds come through untouched. Rules of the single
 * layers are no matter here: a network with problems must still open, so that they can be mended.
 * @throws DocumentError with a one-line reason
 */
export function parseDocument(source: string): NetworkDocument {
  const raw = readJson(source)
  const version = versionOf(raw)
  const current = migrate(raw, version)
  const parsed = documentSchema.safeParse(current)
  if (!parsed.success) throw schemaError(parsed.error.issues[0])
  // the raw value, not the parsed copy: validation must not cost a field, a key order or a `__proto__` key
  const document = current as NetworkDocument
  checkIds(document)
  checkWires(document)
  return document
}

function readJson(source: string): Record<string, unknown> {
  let value: unknown
  try {
    value = JSON.parse(source.startsWith('\uFEFF') ? source.slice(1) : source)
  } catch (error) {
    const detail = oneLine(error instanceof Error ? error.message : String(error))
    throw new DocumentError(
      'not-json',
      text(
        `This is not a Layerloom network: the file is not valid JSON (${detail}). It may be cut off: open a copy.`,
        `Layerloom 네트워크 파일이 아닙니다: 올바른 JSON이 아닙니다(${detail}). 파일이 잘렸을 수 있으니 사본을 열어 주세요.`,
      ),
    )
  }
  if (typeof value !== 'object' || value === null || (value as { format?: unknown }).format !== 'layerloom')
    throw new DocumentError(
      'not-a-network',
      text(
        'This is not a Layerloom network: the field "format" should be "layerloom". Choose a .layerloom file.',
        'Layerloom 네트워크 파일이 아닙니다: "format" 필드가 "layerloom"이어야 합니다. .layerloom 파일을 선택해 주세요.',
      ),
    )
  return value as Record<string, unknown>
}

function versionOf(raw: Record<string, unknown>): number {
  const version = raw.version
  if (typeof version !== 'number' || !Number.isInteger(version) || version < 1)
    throw new DocumentError(
      'wrong-schema',
      text(
        `The network file is damaged at version: expected a whole number from 1, got ${oneLine(JSON.stringify(version) ?? 'nothing')}.`,
        `네트워크 파일의 version이 손상되었습니다: 1 이상의 정수여야 하는데 ${oneLine(JSON.stringify(version) ?? '값 없음')}입니다.`,
      ),
    )
  if (version > FORMAT_VERSION)
    throw new DocumentError(
      'newer-version',
      text(
        `This network was made by a newer version of Layerloom: format ${version}; this one reads up to ${FORMAT_VERSION}. Update Layerloom to open it.`,
        `더 새로운 버전의 Layerloom에서 만든 네트워크입니다: 형식 ${version}, 이 버전은 ${FORMAT_VERSION}까지 읽습니다. Layerloom을 업데이트해 주세요.`,
      ),
    )
  return version
}

interface SchemaProblem {
  readonly path: readonly PropertyKey[]
  readonly message: string
}
function schemaError(problem: SchemaProblem | undefined): DocumentError {
  const path = problem ? pathName(problem.path) : 'the whole file'
  const detail = oneLine(problem?.message ?? 'unknown problem')
  return new DocumentError(
    'wrong-schema',
    text(
      `The network file is damaged at ${path}: ${detail}. Restore the field or open an older copy.`,
      `네트워크 파일의 ${path} 항목이 손상되었습니다: ${detail}. 항목을 고치거나 이전 사본을 열어 주세요.`,
    ),
  )
}

/** `layers[2].position.x` */
function pathName(path: readonly PropertyKey[]): string {
  let name = ''
  for (const key of path) {
    if (typeof key === 'number') name += `[${key}]`
    else name += name === '' ? String(key) : `.${String(key)}`
  }
  return name === '' ? 'the whole file' : name
}

function checkIds(document: NetworkDocument): void {
  const lists = {
    layers: document.layers,
    wires: document.wires,
    groups: document.groups,
    comments: document.comments ?? [],
  }
  for (const [list, items] of Object.entries(lists)) {
    const seen = new Set<string>()
    for (const { id } of items) {
      if (seen.has(id))
        throw new DocumentError(
          'duplicate-id',
          text(
            `The network file is damaged: the id "${oneLine(id)}" stands twice in ${list}. Every id must be unique.`,
            `네트워크 파일이 손상되었습니다: ${list}에 id "${oneLine(id)}"이(가) 두 번 나옵니다. id는 고유해야 합니다.`,
          ),
        )
      seen.add(id)
    }
  }
}

function checkWires(document: NetworkDocument): void {
  const layers = new Set(document.layers.map((layer) => layer.id))
  for (const wire of document.wires) {
    const missing = [wire.from.layer, wire.to.layer].find((id) => !layers.has(id))
    if (missing !== undefined)
      throw new DocumentError(
        'dangling-wire',
        text(
          `The network file is damaged: wire "${oneLine(wire.id)}" leads to layer "${oneLine(missing)}", which is not there. Remove the wire or restore the layer.`,
          `네트워크 파일이 손상되었습니다: 연결선 "${oneLine(wire.id)}"이(가) 가리키는 레이어 "${oneLine(missing)}"이(가) 없습니다. 연결선을 지우거나 레이어를 되살려 주세요.`,
        ),
      )
  }
}

const oneLine = (s: string): string => {
  const line = s.replace(/\s+/g, ' ').trim()
  return line.length > 160 ? `${line.slice(0, 157)}...` : line
}

const ORDER = {
  document: [
    'format',
    'version',
    'name',
    'preset',
    'nextId',
    'recipe',
    'layers',
    'wires',
    'groups',
    'comments',
  ],
  layer: ['id', 'kind', 'kindVersion', 'name', 'group', 'bypassed', 'collapsed', 'position', 'params'],
  wire: ['id', 'from', 'to'],
  group: ['id', 'name', 'parent', 'bypassed', 'position', 'exposed'],
  comment: ['id', 'text', 'group', 'position', 'width', 'height'],
} as const

/**
 * The text of a `.layerloom` file: JSON with two spaces, keys in a fixed order (unknown ones last, sorted), so that
 * the same network always gives the same bytes and two versions compare well. `parseDocument` gives it back equal.
 */
export function serializeDocument(document: NetworkDocument): string {
  const ordered = {
    ...sortKeys(document, ORDER.document),
    layers: document.layers.map((layer) => ({
      ...sortKeys(layer, ORDER.layer),
      params: sortKeys(layer.params, []),
    })),
    wires: document.wires.map((wire) => sortKeys(wire, ORDER.wire)),
    groups: document.groups.map((group) => sortKeys(group, ORDER.group)),
    ...(document.comments && {
      comments: document.comments.map((comment) => sortKeys(comment, ORDER.comment)),
    }),
  }
  return `${JSON.stringify(ordered, null, 2)}\n`
}

function sortKeys(value: object, first: readonly string[]): object {
  const rank = (key: string) => {
    const at = first.indexOf(key)
    return at < 0 ? first.length : at
  }
  const entries = Object.entries(value)
  entries.sort(([a], [b]) => rank(a) - rank(b) || (a < b ? -1 : 1))
  return Object.fromEntries(entries)
}
