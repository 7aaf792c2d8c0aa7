import { text } from '../core/network/text.ts'
import type { Family } from './preset.ts'

/** Families whose members stand in several files. */

export const plainFamily: Family = {
  id: 'plain',
  title: text('Plain networks', 'Plain 네트워크'),
  shown: 'plain-34',
}
export const denseFamily: Family = { id: 'densenet', title: text('DenseNet', 'DenseNet') }
export const wideFamily: Family = { id: 'wrn', title: text('Wide ResNet', 'Wide ResNet') }
export const lenetFamily: Family = { id: 'lenet', title: text('LeNet-5', 'LeNet-5') }
export const inceptionFamily: Family = {
  id: 'inception',
  title: text('Inception module', 'Inception 모듈'),
  shown: 'inception',
}
