/** The package `onnxruntime-node`, loaded by the caller and handed in: this room runs anywhere. */
export type Ort = typeof import('onnxruntime-node')
export type OrtTensor = import('onnxruntime-node').Tensor
export type OrtSession = import('onnxruntime-node').InferenceSession
export type SessionOptions = NonNullable<Parameters<Ort['InferenceSession']['create']>[1]>

export type Tensors = Record<string, OrtTensor>

/** What runs a model: a session, or several that take turns. */
export interface Runner {
  /** Gives all outputs of the model for its inputs. */
  run(feeds: Tensors): Promise<Tensors>
  /** @param fetches which outputs are wanted, or the tensors they go into */
  run(feeds: Tensors, fetches: Tensors | readonly string[]): Promise<Tensors>
  release(): Promise<void>
}
