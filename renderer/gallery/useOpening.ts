import type { OptionValues, Preset } from '../../presets/preset.ts'
import { confirmLoss } from '../app/files.ts'
import { rememberedSource } from '../data/remembered.ts'
import { useStore } from '../state/store.ts'
import { defaultConfig } from '../training/draft.ts'
import { editNetwork } from './open.ts'
import { modelWith } from './search.ts'

/** What can be done with a documented model, with settings of its family or as it is. */
export interface Opening {
  /** Shows it in the editor. */
  open(options: OptionValues): void
  /** Trains it on its own data at once, or asks for data. */
  train(options: OptionValues): void
  /** A run is about to start. */
  readonly starting: boolean
}

export function useOpening(preset: Preset): Opening {
  const starting = useStore((s) => s.run.starting)
  const start = useStore((s) => s.run.start)
  const ask = useStore((s) => s.run.train)
  return {
    starting,
    open: (options) => {
      if (confirmLoss()) editNetwork(modelWith(preset, options).document)
    },
    train: (options) => {
      const { document } = modelWith(preset, options)
      if (preset.data === null) ask({ document, config: { data: sourceFor(preset) } })
      else void start(document, defaultConfig(document, preset.data))
    },
  }
}

/** Where the training dialog begins: the pictures that were trained on last, else the kind the model was made for. */
function sourceFor({ task }: Preset): string {
  const last = rememberedSource()
  if (last?.startsWith('folder:') || last?.startsWith('cifar10:')) return last
  return task === 'cifar' ? 'cifar10:' : 'folder:'
}
