/**
 * TensorFlow.js, loaded by the caller and handed in: its core with a registered backend, or the package around the native
 * library, which has all that the core has.
 */
export type Tf = typeof import('@tensorflow/tfjs-core')
export type TfTensor = import('@tensorflow/tfjs-core').Tensor
