import type { Context, Recipe } from './context.ts'
import type { OnnxNode } from './graph.ts'
import { Unsupported, type Value } from './network.ts'

/** Nodes that enlarge maps: `Resize`, and `Upsample`, which it was called before operator set 10. */

/** Whether a place of the result takes the value of the place that it lies in. */
function repeats(places: string, rounding: string): boolean {
  if (places === 'asymmetric') return rounding === 'floor'
  // the middle of a smaller place is nearest to the middle of the one it lies in, and never half way between two
  return ['half_pixel', 'pytorch_half_pixel'].includes(places) && rounding.startsWith('round_prefer_')
}

function interpolationOf(node: OnnxNode): 'nearest' | 'linear' {
  const mode = node.text('mode', 'nearest')
  const upsample = node.op === 'Upsample'
  const places = upsample ? 'asymmetric' : node.text('coordinate_transformation_mode', 'half_pixel')
  const rounding = upsample ? 'floor' : node.text('nearest_mode', 'round_prefer_floor')
  if (mode === 'nearest' && repeats(places, rounding)) return 'nearest'
  if (mode === 'linear' && ['half_pixel', 'pytorch_half_pixel'].includes(places)) return 'linear'
  const how = mode === 'nearest' ? [mode, places, rounding] : [mode, places]
  throw new Unsupported(`it takes values by ${how.join(', ')}, which no layer does`)
}

/** How many times longer each axis becomes, batch and channels too. */
function factorsOf(node: OnnxNode, at: Context, x: Value): readonly number[] {
  // operator set 10 had no region of interest before the scales
  const scales = at.constant(node, node.inputs.length <= 2 ? 1 : 2)
  if (scales && scales.values.length > 0) return [...scales.values]
  const sizes = at.needed(node, 3, 'size')
  const batch = sizes.values.length === x.shape.length + 1 ? 1 : 0
  return [...new Array<number>(batch).fill(1), ...x.shape.map((side, i) => sizes.values[i + batch]! / side)]
}

const resize: Recipe = (node, at) => {
  const x = at.value(node.inputs[0]!)
  const interpolation = interpolationOf(node)
  const [batch = 0, channels = 0, ...spatial] = factorsOf(node, at, x)
  const [scale = 0] = spatial
  const fits = spatial.length === x.shape.length - 1 && spatial.every((factor) => factor === scale)
  if (batch !== 1 || channels !== 1 || !fits || !Number.isInteger(scale) || scale < 1) {
    const factors = spatial.map((factor) => Number(factor.toPrecision(4))).join(' × ')
    throw new Unsupported(
      `it makes maps ${factors} times as large: a layer takes one whole factor for all axes`,
    )
  }
  return at.add('upsample', { params: { scale, interpolation } }, x)
}

export const resizing: Readonly<Record<string, Recipe>> = { Resize: resize, Upsample: resize }
