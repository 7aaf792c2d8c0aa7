import type { Issue } from '../network/issue.ts'
import type { Layer } from '../network/schema.ts'
import { text } from '../network/text.ts'
import { type AnyKind, kindOf } from './registry.ts'
import { type AnyParams, resolveParams } from './resolve.ts'

export interface ResolvedLayer {
  /** Null when this version can't work with the layer; the issue says why. */
  readonly kind: AnyKind | null
  readonly params: AnyParams
  readonly issues: readonly Omit<Issue, 'layer'>[]
}

interface Known {
  readonly kind: string
  readonly version: number
  readonly resolved: ResolvedLayer
}
/** Parameter objects of documents are never mutated, so a layer that was moved or renamed is still found here. */
const known = new WeakMap<object, Known>()

/**
 * What a layer of a document means to this version: its kind, and its parameters brought up to the kind's version and
 * filled in. An unknown kind and one from a newer version are each an error, never an exception. The same parameters
 * give the same result object.
 */
export function resolveLayer(layer: Layer): ResolvedLayer {
  const before = known.get(layer.params)
  if (before && before.kind === layer.kind && before.version === layer.kindVersion) return before.resolved
  const resolved = resolveAnew(layer)
  known.set(layer.params, { kind: layer.kind, version: layer.kindVersion, resolved })
  return resolved
}

function resolveAnew(layer: Layer): ResolvedLayer {
  const kind = kindOf(layer.kind)
  if (!kind) return { kind: null, params: {}, issues: [unknownKind(layer.kind)] }
  if (layer.kindVersion > kind.version) return { kind: null, params: {}, issues: [newerKind(layer, kind)] }
  return { kind, ...resolveParams(kind, upgradeParams(kind, layer.kindVersion, layer.params)) }
}

/** The layer with its parameters in the form of this version's kind; the same layer when there is nothing to do. */
export function upgradeLayer(layer: Layer): Layer {
  const kind = kindOf(layer.kind)
  if (!kind || layer.kindVersion >= kind.version) return layer
  return {
    ...layer,
    kindVersion: kind.version,
    params: upgradeParams(kind, layer.kindVersion, layer.params),
  }
}

/**
 * Runs a kind's migrations over parameters written for `version`.
 * @throws RangeError when a step is missing, which is a mistake in this program
 */
export function upgradeParams(
  kind: Pick<AnyKind, 'kind' | 'version' | 'migrations'>,
  version: number,
  params: Record<string, unknown>,
): Record<string, unknown> {
  let current = params
  for (let v = version; v < kind.version; v++) {
    const step = kind.migrations?.[v]
    if (!step) throw new RangeError(`layer kind ${kind.kind} has no migration from version ${v} to ${v + 1}`)
    current = step(current)
  }
  return current
}

const unknownKind = (name: string): Omit<Issue, 'layer'> => ({
  severity: 'error',
  code: 'unknown-kind',
  message: text(
    `This version of Layerloom does not know the layer kind "${name}". The layer is kept as it is.`,
    `이 버전의 Layerloom은 레이어 종류 "${name}"을(를) 알지 못합니다. 레이어는 그대로 보존됩니다.`,
  ),
  fix: text(
    'Update Layerloom, or replace the layer by one of the palette.',
    'Layerloom을 업데이트하거나 팔레트의 레이어로 바꿔 주세요.',
  ),
})

const newerKind = (layer: Layer, kind: AnyKind): Omit<Issue, 'layer'> => ({
  severity: 'error',
  code: 'newer-kind',
  message: text(
    `This ${kind.title.en} layer was made by a newer version of Layerloom: version ${layer.kindVersion}; this one knows up to ${kind.version}. The layer is kept as it is.`,
    `이 ${kind.title.ko} 레이어는 더 새로운 버전의 Layerloom에서 만들었습니다: 버전 ${layer.kindVersion}, 이 버전은 ${kind.version}까지 압니다. 레이어는 그대로 보존됩니다.`,
  ),
  fix: text('Update Layerloom.', 'Layerloom을 업데이트해 주세요.'),
})
