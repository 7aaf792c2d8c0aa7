import type { Tensor } from '../../layers/builder.ts'
import type { Head } from '../../layers/kind.ts'
import { text } from '../../network/text.ts'
import { EngineError } from '../error.ts'
import type { LossConfig } from '../executor.ts'
import type { Program } from '../program.ts'
import { crossEntropy } from './cross-entropy.ts'
import { distancePenalty } from './distances.ts'
import { meanSquaredError } from './mean-squared-error.ts'

/** Appends a loss over logits [N, K] and targets [N, K] (`targetRows`); gives a scalar. */
export type Loss = (b: Program, logits: Tensor, targets: Tensor) => Tensor

/**
 * The loss that is asked for, or else the one that belongs to what a network's last layer puts out: cross-entropy, or
 * LeNet-5's criterion for distances.
 * @throws EngineError `bad-loss` for figures that don't go with the loss or the number of classes
 */
export function lossOf(head: Head, config: LossConfig = {}): Loss {
  const { labelSmoothing = 0, classWeights } = config
  const kind = config.type ?? (head === 'distances' ? 'distances' : 'cross-entropy')
  if (kind !== 'cross-entropy' && (labelSmoothing > 0 || classWeights)) {
    throw new EngineError(
      'bad-loss',
      text(
        'Label smoothing and class weights go with cross-entropy: leave them out.',
        '레이블 스무딩과 클래스 가중치는 교차 엔트로피에서만 쓸 수 있습니다. 빼 주세요.',
      ),
    )
  }
  if (kind === 'distances') return distancePenalty
  if (kind === 'mean-squared-error') {
    return (b, logits, targets) => meanSquaredError(b, outputOf(b, head, logits), targets)
  }
  return (b, logits, targets) => {
    if (classWeights) assertWeights(classWeights, logits.shape[1]!)
    return crossEntropy(b, logits, targets)
  }
}

/** What the network itself puts out. */
function outputOf(b: Program, head: Head, logits: Tensor): Tensor {
  if (head === 'probabilities') return b.softmax(logits, 1)
  return head === 'distances' ? b.affine(logits, -1) : logits
}

/** A class that counts nothing would leave a batch of that class alone without a mean. */
function assertWeights(weights: readonly number[], classes: number): void {
  if (weights.length !== classes || !weights.every((weight) => Number.isFinite(weight) && weight > 0)) {
    throw new EngineError(
      'bad-loss',
      text(
        `Class weights are ${classes} numbers above 0, one a class; these are ${weights.join(', ')}.`,
        `클래스 가중치는 클래스마다 하나씩 0보다 큰 수 ${classes}개여야 하는데, ${weights.join(', ')}입니다.`,
      ),
    )
  }
}
