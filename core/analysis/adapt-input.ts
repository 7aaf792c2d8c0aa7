import { inputTransformOf, kindOf, resolveLayer } from '../layers/index.ts'
import { setParams } from '../network/edit.ts'
import { sortLayers } from '../network/graph.ts'
import { resizedRecipe } from '../network/recipe.ts'
import type { Layer, NetworkDocument } from '../network/schema.ts'
import { type Text, text } from '../network/text.ts'
import { analyze } from './analyze.ts'

export interface InputChange {
  readonly document: NetworkDocument
  /** What was changed, a sentence each. */
  readonly messages: readonly Text[]
}

/**
 * The network made for images of another size: its input takes them, and where maps would vanish, strides are halved
 * from the input on until none does. Weights keep their shapes but for dense layers behind a flattened map; the recipe's
 * crop shrinks or grows with the images. Null where that is not enough, or the network takes no images.
 * @param size height and width
 */
export function adaptInput(
  document: NetworkDocument,
  [height, width]: readonly [number, number],
): InputChange | null {
  const input = document.layers.find(({ kind }) => kind === 'input')
  const shape = inputTransformOf(document)?.shape
  if (!input || shape?.length !== 3) return null
  const [channels, oldHeight, oldWidth] = shape as [number, number, number]
  if (oldHeight === height && oldWidth === width) return { document, messages: [] }
  let adapted = setParams(document, input.id, { shape: [channels, height, width] })
  const eased = new Map<string, { name: string; from: readonly number[]; to: readonly number[] }>()
  while (isBroken(adapted)) {
    const next = sortLayers(adapted).order.find((layer) => strideOf(layer)?.some((n) => n > 1))
    if (!next) return null
    const from = strideOf(next)!
    const to = from.map((n) => Math.max(1, Math.floor(n / 2)))
    adapted = setParams(adapted, next.id, { stride: to })
    eased.set(next.id, { name: next.name, from: eased.get(next.id)?.from ?? from, to })
  }
  const steps = Array.from(
    eased.values(),
    ({ name, from, to }) => `${name} ${from.join('×')} → ${to.join('×')}`,
  )
  const { recipe } = document
  const resized = recipe && resizedRecipe(recipe, Math.min(height / oldHeight, width / oldWidth))
  return {
    document: resized ? { ...adapted, recipe: resized } : adapted,
    messages: [
      text(
        `The network takes images of ${height}×${width} instead of ${oldHeight}×${oldWidth}.`,
        `네트워크의 입력 크기를 ${oldHeight}×${oldWidth}에서 ${height}×${width}(으)로 바꿉니다.`,
      ),
      ...easedStrides(steps),
      ...otherCrop(recipe?.augment?.crop, resized?.augment?.crop ?? 0),
    ],
  }
}

const easedStrides = (steps: readonly string[]): Text[] =>
  steps.length === 0
    ? []
    : [
        text(
          `Strides are smaller, so that no map vanishes: ${steps.join(', ')}.`,
          `특징 맵이 사라지지 않도록 스트라이드를 줄입니다: ${steps.join(', ')}.`,
        ),
      ]

const otherCrop = (from: number | undefined, to: number): Text[] =>
  from === undefined || from === to
    ? []
    : [
        text(
          `Random crops move images by up to ${to} pixels instead of ${from}, as large a share of them.`,
          `무작위 자르기가 이미지를 옮기는 거리를 최대 ${from}픽셀에서 ${to}픽셀로, 이미지 크기에 맞추어 바꿉니다.`,
        ),
      ]

const isBroken = (document: NetworkDocument): boolean =>
  analyze(document).issues.some(({ severity }) => severity === 'error')

/** Strides of a layer that slides a window; null of others. */
function strideOf(layer: Layer): readonly number[] | null {
  if (!kindOf(layer.kind)?.params.stride) return null
  const stride: unknown = resolveLayer(layer).params.stride
  return Array.isArray(stride) ? stride : null
}
