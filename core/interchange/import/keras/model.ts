/** A weight in Keras' own order of axes. */
export interface KerasTensor {
  readonly shape: readonly number[]
  readonly data: Float32Array
}

/** A layer as a Keras configuration has it. */
export interface KerasLayer {
  readonly className: string
  readonly name: string
  readonly config: Readonly<Record<string, unknown>>
  /** Names of the layers that feed it. */
  readonly inputs: readonly string[]
}

/** A model of Keras or TensorFlow.js, whichever file it came from. */
export interface KerasModel {
  readonly name: string
  /** In the order of the file. */
  readonly layers: readonly KerasLayer[]
  readonly output: string
  /**
   * Weights of a layer by Keras' names for them; null where the file holds the structure alone.
   * @throws FormatError where they are damaged
   */
  readonly weights: ((layer: KerasLayer) => ReadonlyMap<string, KerasTensor>) | null
}

/** Why a layer has no counterpart, in a few words. */
export class Unsupported extends Error {
  override readonly name = 'Unsupported'
}

/** A file that is not built as such files are; the message says where. */
export class Damaged extends Error {
  override readonly name = 'Damaged'
}

type Json = Readonly<Record<string, unknown>>

export const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export const isTexts = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((one) => typeof one === 'string')

/**
 * Reads `class_name` and `config` of a model: Sequential, or Functional (`Model` in older files) of Keras 2, Keras 3 or
 * TensorFlow.js.
 * @throws Damaged, Unsupported
 */
export function readModel(topology: unknown): Omit<KerasModel, 'weights'> {
  // older TensorFlow.js files have it one deeper
  const model = isObject(topology) && isObject(topology.model_config) ? topology.model_config : topology
  if (!isObject(model)) throw new Damaged('it holds no model')
  const className = String(model.class_name)
  const { config } = model
  if (className === 'Sequential') return sequential(config)
  if (className !== 'Functional' && className !== 'Model') {
    throw new Unsupported(
      `a model of the class ${className} is a program of its own: save a Functional or Sequential one`,
    )
  }
  if (!isObject(config) || !Array.isArray(config.layers)) throw new Damaged('its config has no layers')
  const layers = config.layers.map(functionalLayer)
  const outputs = endsOf(config.output_layers)
  const inputs = layers.filter(({ className: kind }) => kind === 'InputLayer')
  if (outputs.length !== 1 || inputs.length !== 1) {
    throw new Unsupported(
      `it has ${inputs.length} inputs and ${outputs.length} outputs; a network here has one of each`,
    )
  }
  return { name: String(config.name ?? 'network'), layers, output: outputs[0]! }
}

function functionalLayer(value: unknown): KerasLayer {
  const { className, name, config } = bare(value)
  const nodes = isObject(value) && Array.isArray(value.inbound_nodes) ? value.inbound_nodes : []
  if (nodes.length > 1)
    throw new Unsupported(`the layer ${name} is used ${nodes.length} times with the same weights`)
  return { className, name, config, inputs: nodes.flatMap(sourcesOf) }
}

/** Names of layers in an inbound node, of either form: `[name, 0, 0, {}]` or a tensor with its history. */
function sourcesOf(node: unknown): string[] {
  if (Array.isArray(node)) {
    const [name, index] = node
    if (typeof name === 'string' && typeof index === 'number') return [name]
    return node.flatMap(sourcesOf)
  }
  if (!isObject(node)) return []
  if (node.class_name === '__keras_tensor__' && isObject(node.config)) {
    const history = node.config.keras_history
    return Array.isArray(history) && typeof history[0] === 'string' ? [history[0]] : []
  }
  return 'args' in node ? sourcesOf(node.args) : []
}

/** Names in `[["fc", 0, 0]]` or, of a single one, `["fc", 0, 0]`. */
function endsOf(value: unknown): string[] {
  if (!Array.isArray(value)) return []
  return typeof value[0] === 'string' ? [value[0]] : value.flatMap(endsOf)
}

function bare(value: unknown): Omit<KerasLayer, 'inputs'> {
  if (!isObject(value) || typeof value.class_name !== 'string' || !isObject(value.config)) {
    throw new Damaged('one of its layers has no class and config')
  }
  const name = typeof value.name === 'string' ? value.name : value.config.name
  return { className: value.class_name, name: String(name), config: value.config }
}

/** One layer behind the other; the input's shape stands in the first one, or beside the list. */
function sequential(config: unknown): Omit<KerasModel, 'weights'> {
  const list = Array.isArray(config) ? config : isObject(config) ? config.layers : null
  if (!Array.isArray(list) || list.length === 0) throw new Damaged('its config has no layers')
  const layers = list.map(bare)
  const first = layers[0]!
  const chain: KerasLayer[] = []
  if (first.className !== 'InputLayer') {
    const beside = isObject(config) ? config.build_input_shape : undefined
    const shape = first.config.batch_input_shape ?? first.config.batch_shape ?? beside
    chain.push({ className: 'InputLayer', name: 'input', config: { batch_shape: shape }, inputs: [] })
  }
  for (const layer of layers) chain.push({ ...layer, inputs: chain.length > 0 ? [chain.at(-1)!.name] : [] })
  const name = isObject(config) && typeof config.name === 'string' ? config.name : 'network'
  return { name, layers: chain, output: chain.at(-1)!.name }
}

/** Weights of a layer in the order in which Keras keeps them. */
export function weightOrder({ className, config }: Pick<KerasLayer, 'className' | 'config'>): string[] {
  const bias = config.use_bias === false ? [] : ['bias']
  if (className === 'SeparableConv2D') return ['depthwise_kernel', 'pointwise_kernel', ...bias]
  if (/Conv|^Dense$/.test(className)) return ['kernel', ...bias]
  if (!className.endsWith('Normalization')) return []
  const affine = [...(config.scale === false ? [] : ['gamma']), ...(config.center === false ? [] : ['beta'])]
  return className === 'BatchNormalization' ? [...affine, 'moving_mean', 'moving_variance'] : affine
}
