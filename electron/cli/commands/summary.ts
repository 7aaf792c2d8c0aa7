import type { Command } from 'commander'
import { analyze } from '../../../core/analysis/analyze.ts'
import { pathsOf, rangeOf, showWays } from '../../../core/analysis/paths.ts'
import type { Analysis, LayerReport } from '../../../core/analysis/report.ts'
import type { NetworkDocument } from '../../../core/network/schema.ts'
import { loadNetwork } from '../network.ts'
import { setting } from '../options.ts'
import { printJson, printLines } from '../output.ts'
import { type Column, grouped, table } from '../table.ts'

interface Options {
  readonly set?: [string, string][]
  readonly json?: boolean
}

/** `summary NET`: shapes, parameters, operations and receptive fields, layer by layer. */
export function addSummary(program: Command): void {
  program
    .command('summary')
    .description('show the layers of a network with shapes, parameters and operations')
    .argument('<net>', "a preset's id or a .layerloom file")
    .option('--set <name=value>', 'a setting of the preset', setting)
    .option('--json', 'print JSON')
    .action((net: string, options: Options) => {
      const document = loadNetwork(net, options.set)
      const analysis = analyze(document)
      if (options.json) printJson(toJson(document, analysis))
      else printLines(toText(document, analysis))
    })
}

/** In the order data flows; layers in a cycle come last. */
function reports(document: NetworkDocument, { order, layers }: Analysis): LayerReport[] {
  const rest = document.layers.map((layer) => layer.id).filter((id) => !order.includes(id))
  return [...order, ...rest].flatMap((id) => layers.get(id) ?? [])
}

function toJson(document: NetworkDocument, analysis: Analysis) {
  return {
    input: analysis.input,
    output: analysis.output,
    layers: reports(document, analysis).map(({ activationBytes: _, ...report }) => report),
    totals: { ...analysis.totals, ...pathTotals(document) },
    issues: analysis.issues.map(({ severity, code, layer, message }) => ({
      severity,
      code,
      layer: layer ?? null,
      message: message.en,
    })),
  }
}

/** Of residual networks, the ways through them by how many modules each goes through; big integers as text. */
function pathTotals(document: NetworkDocument) {
  const paths = pathsOf(document)
  if (!paths) return {}
  const { modules, count, mean, lengths } = paths
  return { paths: { modules, count: String(count), mean, lengths: lengths.map(String) } }
}

function pathLine(document: NetworkDocument): string[] {
  const paths = pathsOf(document)
  if (!paths) return []
  const [from, to] = rangeOf(paths, 0.95)
  return [
    `${showWays(paths.count)} ways through ${paths.modules} residual modules, 95% of them through ${from} to ${to}, ${paths.mean} on average`,
  ]
}

const shape = (axes: readonly number[] | null): string => axes?.join('x') ?? '-'

const columns: readonly Column<LayerReport>[] = [
  { title: 'layer', cell: (row) => row.name },
  { title: 'kind', cell: (row) => row.kind },
  { title: 'output', align: 'right', cell: (row) => shape(row.outputShape) },
  { title: 'trainable', align: 'right', cell: (row) => grouped(row.trainable) },
  { title: 'other', align: 'right', cell: (row) => grouped(row.nonTrainable) },
  { title: 'MACs', align: 'right', cell: (row) => grouped(row.macs) },
  { title: 'connections', align: 'right', cell: (row) => grouped(row.connections) },
  { title: 'sees', align: 'right', cell: (row) => shape(row.receptiveField) },
]

function toText(document: NetworkDocument, analysis: Analysis): string[] {
  const { totals, issues } = analysis
  return [
    `${document.name}: ${shape(analysis.input)} to ${shape(analysis.output)}`,
    '',
    ...table(columns, reports(document, analysis)),
    '',
    `trainable parameters ${grouped(totals.trainable)}, other ${grouped(totals.nonTrainable)}`,
    `MACs ${grouped(totals.macs)}, connections ${grouped(totals.connections)}, depth ${totals.depth}`,
    `activations of one sample ${grouped(totals.activationBytes)} bytes, receptive field ${shape(totals.receptiveField)}`,
    ...pathLine(document),
    ...issues.map((issue) => {
      const layer = document.layers.find((candidate) => candidate.id === issue.layer)
      return `${issue.severity}${layer ? ` in ${layer.name}` : ''}: ${issue.message.en}${issue.fix ? ` ${issue.fix.en}` : ''}${issue.source ? ` (${issue.source.citation})` : ''}`
    }),
  ]
}
