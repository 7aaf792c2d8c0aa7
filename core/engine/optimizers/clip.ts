import type { Tensor } from '../../layers/builder.ts'
import type { Program } from '../program.ts'

/** As PyTorch has it, so that a gradient of length 0 is divided by something. */
const EPSILON = 1e-6

/**
 * The number that gradients are multiplied by so that their length, over all of them together, is at most `most`
 * (Pascanu et al. 2013): 1 where it is already.
 * @param gradients one for each weight, of any shapes
 * @param most a scalar
 */
export function clipFactor(b: Program, gradients: readonly Tensor[], most: Tensor): Tensor {
  const squares = gradients.map((g) => {
    const axes = g.shape.map((_, axis) => axis)
    return b.reshape(b.sum(b.mul(g, g), axes), [1])
  })
  const length = b.affine(b.sqrt(b.sum(b.concat(squares, 0), [0])), 1, EPSILON)
  // most / max(length, most), which is exactly 1 up to there and exact in its digits beyond
  return b.div(most, b.add(b.relu(b.sub(length, most)), most))
}
