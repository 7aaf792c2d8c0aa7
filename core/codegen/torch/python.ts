/** A value in Python source; a string is source already. */
export type PyValue = number | boolean | string | readonly number[]

/** A value as Python writes it; lists become tuples. */
export function literal(value: PyValue): string {
  if (typeof value === 'string') return value
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  if (typeof value === 'number') return number(value)
  return value.length === 1 ? `(${number(value[0]!)},)` : `(${value.map(number).join(', ')})`
}

/** 1e-7 is valid Python as JavaScript writes it, and so is everything else that is finite. */
const number = (value: number): string => String(value)

/** A product of figures without the last digits' noise of binary fractions. */
export const tidy = (value: number): number => Number(value.toPrecision(12))

/** Text inside a docstring or a comment: one line that can't end it. */
export const prose = (text: string): string =>
  text.replaceAll('\\', '/').replaceAll('"', "'").replace(/\s+/g, ' ').trim()

/** A text literal. */
export const quoted = (text: string): string => JSON.stringify(text)

const KEYWORDS = new Set(
  `False None True and as assert async await break class continue def del elif else except finally for from global if
import in is lambda nonlocal not or pass raise return try while with yield match case self x torch nn F`.split(
    /\s+/,
  ),
)

/** What nn.Module has already, of names that a layer may well be given. */
const TAKEN = new Set(
  `add_module apply bfloat16 buffers call_super_init children cpu cuda double dump_patches eval extra_repr float forward
get_buffer get_parameter get_submodule half ipu load_state_dict modules named_buffers named_children named_modules
named_parameters parameters register_buffer register_module register_parameter requires_grad_ share_memory state_dict
to to_empty train training type xpu zero_grad`.split(/\s+/),
)

/** A name for a variable or an attribute, from any text. */
export function identifier(text: string, otherwise: string): string {
  const plain = text
    .normalize('NFKD')
    .replace(/[^A-Za-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')
    .toLowerCase()
  const name = plain === '' ? otherwise : /^\d/.test(plain) ? `${otherwise}_${plain}` : plain
  return KEYWORDS.has(name) || TAKEN.has(name) ? `${name}_` : name
}

/** A name for a class, from any text: letters and digits, words run together. */
export function className(text: string, otherwise: string): string {
  const words = text.normalize('NFKD').match(/[A-Za-z0-9]+/g) ?? []
  const name = words.map((word) => word[0]!.toUpperCase() + word.slice(1)).join('')
  return name === '' ? otherwise : /^\d/.test(name) ? `${otherwise}${name}` : name
}

/** Gives each wanted name once; a second one gets a number. */
export function unique(taken: Set<string> = new Set()): (wanted: string) => string {
  return (wanted) => {
    let name = wanted
    for (let n = 2; taken.has(name); n++) name = `${wanted}_${n}`
    taken.add(name)
    return name
  }
}

const WIDTH = 100

/** `head(a, b)`, over several lines where it would be too long for one. */
export function call(head: string, args: readonly string[], indent: string, before = 0): string[] {
  const line = `${head}(${args.join(', ')})`
  if (indent.length + before + line.length <= WIDTH && !args.some((arg) => arg.includes('\n'))) return [line]
  return [`${head}(`, ...args.flatMap((arg) => `${arg},`.split('\n').map((part) => `    ${part}`)), ')']
}
