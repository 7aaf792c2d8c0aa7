import type { Command } from 'commander'
import { NAMINGS, type Naming, settingsFor } from '../../../core/interchange/names/index.ts'
import type { NetworkDocument } from '../../../core/network/schema.ts'
import { parseOptions, presetOf } from '../../../presets/index.ts'
import { loadWeights } from '../../trainer/jobs/load.ts'
import { loadNetwork } from '../network.ts'
import { oneOf, setting } from '../options.ts'
import { note, printJson } from '../output.ts'

interface Options {
  readonly weights: string
  readonly names: Naming
  readonly set?: [string, string][]
  readonly partial?: boolean
  readonly out: string
  readonly json?: boolean
}

/** `load NET --weights FILE --out DIR`: a run that was never trained, holding weights of a file. */
export function addLoad(program: Command): void {
  program
    .command('load')
    .description('make a run of a network with weights from a safetensors file')
    .argument('<net>', "a preset's id or a .layerloom file")
    .requiredOption('--weights <file>', 'a safetensors file')
    .option(
      '--names <naming>',
      'whose names the file uses: own, torchvision or timm',
      oneOf(...NAMINGS),
      'own',
    )
    .option('--set <name=value>', 'a setting of the preset', setting)
    .option('--partial', 'load what fits although names are left over')
    .requiredOption('--out <dir>', "the run's folder")
    .option('--json', 'print JSON')
    .action(async (net: string, { weights, names, set, partial = false, out, json }: Options) => {
      const document = loadNetwork(net, set)
      for (const line of departures(document, names)) note(`warning: ${line}`)
      const { run, loaded, missing, extra } = await loadWeights({
        ...{ document, file: weights, naming: names, partial, dir: out },
      })
      for (const name of missing) note(`warning: ${weights} has no ${name}: it stays as it begins`)
      for (const name of extra) note(`warning: the network has no place for ${name}: it is left out`)
      if (json) printJson({ run: run.dir, loaded, missing, extra })
      else note(`loaded ${loaded} tensors; the run is in ${run.dir}`)
    })
}

/** Where a preset is as its paper has it and the library's model, whose weights these are, is not. */
function departures({ preset }: NetworkDocument, naming: Naming): string[] {
  const known = preset && presetOf(preset.id)
  if (!preset || !known) return []
  const wanted = Object.entries(settingsFor(preset.id, naming))
  return wanted.flatMap(([name, value]) => {
    const current = preset.options?.[name] ?? known.options[name]?.default
    if (parseOptions(known, [[name, value]])[name] === current) return []
    return `${naming}'s ${preset.id} has ${name}=${value} where this network has ${current}: add --set ${name}=${value} for the same outputs`
  })
}
