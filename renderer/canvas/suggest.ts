import { analyze } from '../../core/analysis/analyze.ts'
import { type AnyKind, kinds, resolveParams } from '../../core/layers/index.ts'
import type { Shape } from '../../core/layers/kind.ts'
import type { NetworkDocument } from '../../core/network/schema.ts'
import { type Text, text } from '../../core/network/text.ts'
import type { QuickAdd } from '../state/view.ts'

export interface Suggestion {
  readonly kind: AnyKind
  /** Shape that would come out with the default parameters; null where that is not known. */
  readonly output: Shape | null
  /** Why the layer can't be put here; null when it can. */
  readonly why: Text | null
}

/** The layer kinds that can be added at a place, those that fit first. */
export function suggest(
  document: NetworkDocument,
  { from, to, toBlock }: Pick<QuickAdd, 'from' | 'to' | 'toBlock'>,
): Suggestion[] {
  const incoming = from ? (analyze(document).layers.get(from.layer)?.outputShape ?? null) : null
  const all = kinds.map((kind): Suggestion => {
    if (from) return after(kind, incoming)
    if ((to || toBlock) && kind.kind !== 'input' && kind.inputs.length === 0)
      return { kind, output: null, why: NO_OUTPUT }
    return { kind, output: null, why: null }
  })
  return all.sort((a, b) => Number(a.why !== null) - Number(b.why !== null))
}

const NO_INPUT = text('takes no input', '입력을 받지 않음')
const NO_OUTPUT = text('gives no output', '출력이 없음')

function after(kind: AnyKind, shape: Shape | null): Suggestion {
  const port = kind.inputs[0]
  if (!port) return { kind, output: null, why: NO_INPUT }
  if (!shape) return { kind, output: null, why: null }
  if (port.ranks && !port.ranks.includes(shape.length)) {
    const axes = port.ranks.join(' / ')
    return { kind, output: null, why: text(`needs ${axes} axes`, `축 ${axes}개 필요`) }
  }
  const { params } = resolveParams(kind, {})
  const inputs = [shape]
  // what a parameter can mend is no reason to refuse; the badge will say it
  const unfit = kind.check?.(params, inputs).some((issue) => issue.severity === 'error')
  return { kind, output: unfit ? null : kind.inferShape(params, inputs), why: null }
}
