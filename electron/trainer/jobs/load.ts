import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { z } from 'zod'
import { analyze } from '../../../core/analysis/analyze.ts'
import type { InputTransform } from '../../../core/data/dataset.ts'
import type { ParameterSlot } from '../../../core/engine/executor.ts'
import { initialWeights, layoutOf } from '../../../core/engine/layout.ts'
import { FormatError } from '../../../core/formats/error.ts'
import { isPickle, pickleAdvice } from '../../../core/formats/pickle.ts'
import { type NamedTensor, readSafetensors } from '../../../core/formats/safetensors.ts'
import { underOwnNames } from '../../../core/interchange/names/exported.ts'
import {
  type MatchedWeights,
  matchWeights,
  type Naming,
  renameFor,
} from '../../../core/interchange/names/index.ts'
import { inputTransformOf } from '../../../core/layers/index.ts'
import type { NetworkDocument } from '../../../core/network/schema.ts'
import { type Text, text } from '../../../core/network/text.ts'
import type { JobConfig } from '../../../core/protocol/contract.ts'
import { checkNetwork } from '../../../core/training/check.ts'
import { encodeCheckpoint, type TrainedOn } from '../../../core/training/checkpoint.ts'
import { TrainingError } from '../../../core/training/error.ts'
import { startProgress } from '../../../core/training/progress.ts'
import { checkpointStore, createRun, type Run } from '../run-folder.ts'

/** Nothing but names and places is ever asked of it: the run has no data. */
const UNTRAINED: JobConfig = { data: 'none', engine: 'auto', seed: 1, validation: 0.1 }

export interface LoadOptions {
  readonly document: NetworkDocument
  /** Path of a safetensors file. */
  readonly file: string
  /** What messages and the run call the file; its path where absent. */
  readonly called?: string
  readonly naming: Naming
  /** Leave weights that the file does not have as they begin, and tensors without a place out. */
  readonly partial: boolean
  /** The run's own folder; one named after the run where absent. */
  readonly dir?: string
  /** Folder of the run's folder; the person's own where absent. */
  readonly runsDir?: string
}

export interface Loaded {
  readonly run: Run
  /** Number of weight tensors that the file gave. */
  readonly loaded: number
  /** Weights of the network that it does not have. */
  readonly missing: readonly string[]
  /** Tensors of the file that the network has no place for. */
  readonly extra: readonly string[]
}

/**
 * Makes a run that was never trained, of a network with the weights of a safetensors file.
 * @throws FormatError for a file that can't be read, TrainingError `bad-network` when the library has no such model, a
 * tensor has another shape, or (unless `partial`) a name is left over on either side: all of them are named
 */
export async function loadWeights(options: LoadOptions): Promise<Loaded> {
  const { document, file, called = file, naming, partial, dir, runsDir } = options
  checkNetwork(document)
  const layout = layoutOf(document)
  const rename = renameFor(document, naming)
  if (!rename) throw noSuchModel(document, naming)
  const bytes = readWeights(file, called)
  if (isPickle(bytes)) throw new FormatError(pickleAdvice(called))
  const { tensors: found, metadata } = readSafetensors(bytes, called)
  const tensors = naming === 'own' ? underOwnNames(found, metadata) : found
  const matched = matchWeights(layout.slots, tensors, rename)
  const problem = problemOf(matched, partial)
  if (problem) {
    const { en, ko } = problem
    throw new TrainingError('bad-network', text(`${called}: ${en}`, `${called}: ${ko}`))
  }
  const weights = initialWeights(document, UNTRAINED.seed)
  for (const { weight, tensor } of matched.pairs) weights.set(tensor.data, weight.offset)
  const data = trainedOn(document, naming, metadata)
  const run = createRun({
    document,
    config: UNTRAINED,
    loaded: { file: basename(called), names: naming },
    ...(dir === undefined ? {} : { dir }),
    ...(runsDir === undefined ? {} : { runsDir }),
  })
  const checkpoint = { weights, optimizer: { step: 0, slots: {} }, progress: startProgress(), data }
  await checkpointStore(run.dir).save('last', encodeCheckpoint(layout, checkpoint))
  return {
    run,
    loaded: matched.pairs.length,
    missing: matched.missing.map(({ weight }) => weight.name),
    extra: matched.extra.map(({ name }) => name),
  }
}

function readWeights(file: string, called: string): Uint8Array {
  try {
    return readFileSync(file)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new FormatError(
      text(
        `can't read ${called} (${code}): check the path`,
        `${called} 파일을 읽을 수 없습니다(${code}). 경로를 확인해 주세요.`,
      ),
    )
  }
}

const noSuchModel = (document: NetworkDocument, naming: Naming): TrainingError =>
  new TrainingError(
    'bad-network',
    text(
      `${naming} has no model like "${document.name}": give --names own, with weights named as this network's own`,
      `${naming}에는 "${document.name}"에 해당하는 모델이 없습니다. 이 네트워크의 이름을 쓰는 가중치를 --names own으로 불러와 주세요.`,
    ),
  )

const shape = (axes: readonly number[]): string => `[${axes.join(', ')}]`

/** Why the weights can't be taken, or null. */
function problemOf(
  { missing, extra, misfits }: MatchedWeights<ParameterSlot, NamedTensor>,
  partial: boolean,
): Text | null {
  const [misfit, ...others] = misfits
  if (misfit) {
    const { weight, tensor } = misfit
    const [theirs, ours] = [shape(tensor.shape), shape(weight.shape)]
    const more = others.length
    return text(
      `${tensor.name} has shape ${theirs} where the network's ${weight.name} has ${ours}${more > 0 ? ` and ${more} more do not fit` : ''}: ` +
        'use the weights of this network, or --set what makes it like theirs',
      `${tensor.name}의 형태는 ${theirs}인데 네트워크의 ${weight.name}은(는) ${ours}입니다${more > 0 ? `(그 밖에 ${more}개도 맞지 않음)` : ''}. ` +
        '이 네트워크의 가중치를 사용하거나, --set으로 네트워크를 파일에 맞춰 주세요.',
    )
  }
  if (partial || (missing.length === 0 && extra.length === 0)) return null
  const named = missing.map(({ weight, other }) =>
    other === null || other === weight.name ? weight.name : `${weight.name} (there ${other})`,
  )
  const names = extra.map(({ name }) => name).join(', ')
  const parts = [
    ...(named.length > 0
      ? [
          text(
            `it lacks ${counted(named.length, 'weight')} of the network, ${named.join(', ')}`,
            `네트워크의 가중치 ${named.length}개가 파일에 없습니다(${named.join(', ')}).`,
          ),
        ]
      : []),
    ...(extra.length > 0
      ? [
          text(
            `the network has no place for ${counted(extra.length, 'tensor')} of it, ${names}`,
            `파일의 텐서 ${extra.length}개는 네트워크에 들어갈 곳이 없습니다(${names}).`,
          ),
        ]
      : []),
  ]
  return text(
    `${parts.map(({ en }) => en).join('; ')}: add --partial to load the rest`,
    `${parts.map(({ ko }) => ko).join(' ')} 나머지만 불러오려면 --partial을 붙여 주세요.`,
  )
}

const counted = (n: number, what: string): string => `${n} ${what}${n === 1 ? '' : 's'}`

/** What files exported from runs say of the data; see jobs/export.ts. */
const transformSchema = z.object({
  shape: z.array(z.int()),
  fit: z.enum(['pad', 'resize']),
  normalization: z.enum(['zero-one', 'lenet', 'standardize']),
  mean: z.array(z.number()).exactOptional(),
  std: z.array(z.number()).exactOptional(),
})

/** Mean and deviation of ImageNet's pixels, as PyTorch's libraries have them; but torchvision's GoogLeNet takes -1..1. */
const IMAGENET = { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] }

/** What the file says of classes and pixels; else numbers for classes, and what the library's models take. */
function trainedOn(
  document: NetworkDocument,
  naming: Naming,
  metadata: Readonly<Record<string, string>>,
): TrainedOn {
  const count = analyze(document).output![0]!
  const classes = z.array(z.string()).length(count).safeParse(parseJson(metadata.classes))
  const transform = transformSchema.safeParse(parseJson(metadata.input))
  return {
    classes: classes.success ? classes.data : Array.from({ length: count }, (_, i) => String(i)),
    transform: transform.success ? transform.data : usualTransform(document, naming),
  }
}

function usualTransform(document: NetworkDocument, naming: Naming): InputTransform {
  const own: InputTransform = inputTransformOf(document)!
  if (own.normalization !== 'standardize') return own
  const channels = own.shape[0]!
  if (channels === 3 && !(naming === 'torchvision' && document.preset?.id === 'googlenet')) {
    return { ...own, ...IMAGENET }
  }
  const half = new Array<number>(channels).fill(0.5)
  return { ...own, mean: half, std: half }
}

function parseJson(written: string | undefined): unknown {
  if (written === undefined) return undefined
  try {
    return JSON.parse(written)
  } catch {
    return undefined
  }
}
