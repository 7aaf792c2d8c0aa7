import { type AnyParams, resolveLayer } from '../../layers/index.ts'
import type { Shape } from '../../layers/kind.ts'
import type { Graph } from '../../network/graph.ts'
import type { Issue } from '../../network/issue.ts'
import { text } from '../../network/text.ts'
import type { Analysis } from '../report.ts'

/** The kind's own warning of places that no window reads, with its source and a change that reads them all. */
export function withRemedy(issue: Issue, analysis: Pick<Analysis, 'layers'>, graph: Graph): Issue {
  if (issue.code !== 'stride-leaves-rest' || issue.layer === undefined) return issue
  const layer = graph.layers.get(issue.layer)!
  const { kind, params } = resolveLayer(layer)
  const inputs = analysis.layers.get(layer.id)!.inputs.map((id) => analysis.layers.get(id)!.outputShape!)
  const tried = waysOut(params as AnyParams)
  const better = tried.find((change) => {
    const left = kind?.check?.({ ...params, ...change } as AnyParams, inputs as readonly Shape[])
    return left?.length === 0
  })
  return {
    ...issue,
    source: {
      citation: 'Dumoulin and Visin, A guide to convolution arithmetic for deep learning, 2016',
      url: 'https://arxiv.org/abs/1603.07285',
    },
    ...(better && {
      remedy: {
        label: text('Read every place', '모두 읽게 하기'),
        set: [{ layer: layer.id, params: better }],
      },
    }),
  }
}

/** Changes that may read every place, the smallest first: round the number of places up, or pad. */
function waysOut(params: AnyParams): readonly Readonly<Record<string, unknown>>[] {
  const ways: Record<string, unknown>[] = []
  if ('ceil' in params && params.ceil === false) ways.push({ ceil: true })
  if ('padding' in params && params.padding !== 'same') ways.push({ padding: 'same' })
  return ways
}
