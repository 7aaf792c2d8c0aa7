/** The package `onnxruntime-node`, loaded by the caller and handed in: this room runs anywhere. */
export type Ort = typeof import('onnxruntime-node')
export type OrtTensor = import('onnxruntime-node').Tensor
export type OrtSession = import('onnxruntime-node').InferenceSession
