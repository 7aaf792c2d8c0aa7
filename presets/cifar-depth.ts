import { text } from '../core/network/text.ts'
import { OptionError } from './preset.ts'

/**
 * Units a stage of a network of three equal stages, whose depth is `layers` a unit of all stages and `rest` outside.
 * @throws OptionError for a depth that does not come out even
 */
export function unitsOf(depth: number, layers: number, rest: number): number {
  const units = (depth - rest) / layers
  if (Number.isInteger(units) && units >= 1) return units
  const near = Math.max(1, Math.round(units))
  const examples = [near, near + 1].map((n) => n * layers + rest)
  throw new OptionError(
    'depth',
    text(
      `A depth of ${depth} does not divide into three equal stages (${layers}n + ${rest}): use ${examples.join(' or ')}.`,
      `깊이 ${depth}은(는) 같은 크기의 세 단계로 나뉘지 않습니다(${layers}n + ${rest}). ${examples.join(' 또는 ')}을(를) 써 주세요.`,
    ),
  )
}
