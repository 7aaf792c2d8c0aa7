import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { parseSync } from 'vite'
import { describe, expect, it } from 'vitest'

/** A node of the syntax tree, of which only what is looked at here is named. */
interface Node {
  readonly type: string
  readonly [field: string]: unknown
}
const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && typeof (value as Node).type === 'string'

const renderer = join(import.meta.dirname, '..')
const files = readdirSync(renderer, { recursive: true, encoding: 'utf8' })
  .filter((file) => /\.tsx?$/.test(file) && !/\.test\.tsx?$/.test(file))
  .map((file) => join(renderer, file))
const trees = new Map(files.map((file) => [file, parse(file)]))

function parse(file: string): Node {
  const { program, errors } = parseSync(file, readFileSync(file, 'utf8'))
  expect(errors).toEqual([])
  return program as unknown as Node
}

function children(node: Node): Node[] {
  return Object.values(node).flatMap((value) =>
    Array.isArray(value) ? value.filter(isNode) : isNode(value) ? [value] : [],
  )
}
function* walk(node: Node): Generator<Node> {
  yield node
  for (const child of children(node)) yield* walk(child)
}

/** Names of products, methods and files, which are the same in every language. */
const NAMES = new Set(['Layerloom', 'npm start', 'Adam', 'SGD', 'Enter', 'Tab', 'Esc', 'Ctrl'])
/** Attributes of components and elements that a person reads or hears. */
const SPOKEN = new Set([
  'aria-label',
  'aria-description',
  'title',
  'placeholder',
  'alt',
  'label',
  'text',
  'ariaLabel',
])
const isProse = (text: unknown): text is string =>
  typeof text === 'string' && /\p{L}{2}/u.test(text) && !NAMES.has(text.trim())

/** Texts written into the markup instead of the files of texts. */
function literals(tree: Node): string[] {
  const found: string[] = []
  for (const node of walk(tree)) {
    if (node.type === 'JSXText' && isProse(node.value)) found.push(node.value.trim())
    if (node.type === 'JSXExpressionContainer') found.push(...literalIn(node.expression as Node))
    if (node.type === 'JSXAttribute' && SPOKEN.has((node.name as Node).name as string)) {
      const value = node.value as Node | null
      if (value?.type === 'Literal' && isProse(value.value)) found.push(value.value)
    }
  }
  return found
}
const literalIn = (expression: Node): string[] =>
  expression.type === 'Literal' && isProse(expression.value) && expression.value.includes(' ')
    ? [expression.value]
    : []

interface Use {
  readonly area: string
  readonly key: string
}

/** Every `t('key')` whose `t` comes from a `useText('area')` of the same function. */
function uses(tree: Node): Use[] {
  const found: Use[] = []
  const visit = (node: Node, scope: ReadonlyMap<string, string>): void => {
    const inner = /Function/.test(node.type) ? new Map([...scope, ...areasIn(node)]) : scope
    if (node.type === 'CallExpression') {
      const callee = node.callee as Node
      const area = callee.type === 'Identifier' ? inner.get(callee.name as string) : undefined
      const [argument] = node.arguments as Node[]
      if (area && argument) for (const key of keysIn(argument)) found.push({ area, key })
    }
    for (const child of children(node)) visit(child, inner)
  }
  visit(tree, new Map())
  return found
}

/** `const t = useText('area')` right in a function's body. */
function areasIn(fn: Node): [string, string][] {
  const body = isNode(fn.body) ? fn.body : fn
  const statements = Array.isArray(body.body) ? (body.body as Node[]) : []
  return statements
    .filter((statement) => statement.type === 'VariableDeclaration')
    .flatMap((statement) => statement.declarations as Node[])
    .flatMap((declaration): [string, string][] => {
      const call = declaration.init as Node | null
      if (call?.type !== 'CallExpression' || (call.callee as Node).name !== 'useText') return []
      const [area] = call.arguments as Node[]
      return [[(declaration.id as Node).name as string, area!.value as string]]
    })
}

function keysIn(argument: Node): string[] {
  if (argument.type === 'Literal') return typeof argument.value === 'string' ? [argument.value] : []
  if (argument.type === 'ConditionalExpression')
    return [...keysIn(argument.consequent as Node), ...keysIn(argument.alternate as Node)]
  return []
}

type Texts = { readonly [key: string]: string | Texts }
const keysOf = (texts: Texts, prefix = ''): string[] =>
  Object.entries(texts).flatMap(([key, value]) =>
    typeof value === 'string'
      ? [prefix + key.replace(/_(zero|one|two|few|many|other)$/, '')]
      : keysOf(value, `${prefix}${key}.`),
  )
const areas = readdirSync(join(import.meta.dirname, 'en')).map((file) => file.replace('.json', ''))
const known = new Map(
  areas.map((area) => {
    const texts = JSON.parse(readFileSync(join(import.meta.dirname, 'en', `${area}.json`), 'utf8')) as Texts
    return [area, new Set(keysOf(texts))]
  }),
)

/** Every string and template in the window's code; a template's holes stand for anything. */
function patterns(): { readonly exact: ReadonlySet<string>; readonly open: readonly RegExp[] } {
  const exact = new Set<string>()
  const open: RegExp[] = []
  for (const tree of trees.values())
    for (const node of walk(tree)) {
      if (node.type === 'Literal' && typeof node.value === 'string') exact.add(node.value)
      if (node.type === 'TemplateLiteral') {
        const parts = (node.quasis as Node[]).map((part) => (part.value as { cooked: string }).cooked)
        // a template of holes alone would stand for every key
        if (/\w\.|\.\w/.test(parts.join(''))) open.push(new RegExp(`^${parts.map(escapeRegExp).join('.+')}$`))
      }
    }
  return { exact, open }
}
const escapeRegExp = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

describe('the window’s code', () => {
  it('is read whole', () => {
    expect(files.length).toBeGreaterThan(30)
    expect([...trees.values()].flatMap(uses).length).toBeGreaterThan(150)
  })

  it('has no text in its markup that stands outside the files of texts', () => {
    const found = [...trees].flatMap(([file, tree]) =>
      literals(tree).map((text) => `${relative(renderer, file)}: ${text}`),
    )
    expect(found).toEqual([])
  })

  it('asks only for texts that exist', () => {
    const missing = [...trees].flatMap(([file, tree]) =>
      uses(tree)
        .filter(({ area, key }) => !known.get(area)?.has(key))
        .map(({ area, key }) => `${relative(renderer, file)}: ${area}:${key}`),
    )
    expect(missing).toEqual([])
  })

  it('uses every text there is', () => {
    const { exact, open } = patterns()
    const unused = [...known].flatMap(([area, keys]) =>
      [...keys]
        .filter((key) => !exact.has(key) && !open.some((pattern) => pattern.test(key)))
        .map((key) => `${area}:${key}`),
    )
    expect(unused).toEqual([])
  })
})

describe('the scan itself', () => {
  const scan = (source: string) => parseSync('x.tsx', source).program as unknown as Node
  it('finds literal texts', () => {
    expect(literals(scan('const a = <b title="Two words">Hello</b>'))).toEqual(
      ['Hello', 'Two words'].toReversed(),
    )
    expect(literals(scan('const a = <b className="x y" title={t("x")}>{n} × {"an apple"}</b>'))).toEqual([
      'an apple',
    ])
  })
  it('knows which area a key belongs to, function by function', () => {
    const source = `function A() { const t = useText('one'); return [1].map(() => t('a')) }
      function B() { const t = useText('two'); return t(x ? 'b' : 'c') }`
    expect(uses(scan(source))).toEqual([
      { area: 'one', key: 'a' },
      { area: 'two', key: 'b' },
      { area: 'two', key: 'c' },
    ])
  })
})
