/** Metadata of a safetensors file that holds, as JSON, the document's own name of each name in the file. */
export const OWN_NAMES = 'layerloom.names'

/**
 * Tensors under the document's own names, where the file says them: weights that went out as PyTorch's and were trained
 * there come back so. What the file does not name keeps its name, and so does all of another program's file.
 */
export function underOwnNames<Tensor extends { readonly name: string }>(
  tensors: readonly Tensor[],
  metadata: Readonly<Record<string, string>>,
): readonly Tensor[] {
  const names = parse(metadata[OWN_NAMES])
  return tensors.map((tensor) => {
    const own = Object.hasOwn(names, tensor.name) ? names[tensor.name] : undefined
    return typeof own === 'string' ? { ...tensor, name: own } : tensor
  })
}

function parse(written: string | undefined): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(written ?? '{}')
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}
