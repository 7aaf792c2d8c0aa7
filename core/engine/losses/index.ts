import type { Tensor } from '../../layers/builder.ts'
import type { Head } from '../../layers/kind.ts'
import type { Program } from '../program.ts'
import { crossEntropy } from './cross-entropy.ts'
import { distancePenalty } from './distances.ts'

/** Appends a loss over logits [N, K] and weighted one-hot targets [N, K]; gives a scalar. */
export type Loss = (b: Program, logits: Tensor, targets: Tensor) => Tensor

/** The loss that belongs to what a network's last layer puts out. */
export const lossOf = (head: Head): Loss => (head === 'distances' ? distancePenalty : crossEntropy)
