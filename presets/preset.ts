import type { Paper } from '../core/layers/kind.ts'
import type { ParamSpecs, ParamsOf } from '../core/layers/params.ts'
import type { NetworkDocument } from '../core/network/schema.ts'
import type { Text } from '../core/network/text.ts'

/** Models that vary one idea; the gallery shows a family on one card. */
export interface Family {
  readonly id: string
  readonly title: Text
  /** Id of the member that stands for it; the first where absent. */
  readonly shown?: string
}

/** What a model was made to tell apart, which is the size of its input too. */
export type Task = 'digits' | 'cifar' | 'imagenet' | 'audio' | 'video'

/** A documented model: a member of a family's file, listed in presets/index.ts. */
export interface Preset {
  /** A contract: the CLI, the tests and saved projects use it. */
  readonly id: string
  readonly family: Family
  readonly title: Text
  /** What tells it from the other members of its family, in a word or two. */
  readonly variant: Text
  readonly year: number
  readonly paper: Paper
  /** One or two sentences: the idea the model added. */
  readonly summary: Text
  /** Error as published, with its protocol; null where none was. */
  readonly published: { readonly measure: Text; readonly value: string } | null
  /** Reference figures, compared with exact counting by a test. */
  readonly figures: Figures
  /** What is often quoted and exact counting does not give: the quoted figure, the exact one, and why. */
  readonly quoted: Text | null
  readonly task: Task
  /** A SOURCE it trains on at one click; null when a person has to choose their own data first. */
  readonly data: string | null
  /** How the paper trained it; the document's recipe holds as much of that as there are settings for. */
  readonly paperRecipe: Text | null
  /** The settings of its family, with the values that make this member as defaults. */
  readonly options: ParamSpecs
  /**
   * The network, with some options other than their defaults.
   * @throws OptionError for an option that does not exist, a value that does not fit, or values that fit no network
   */
  build(options?: OptionValues): NetworkDocument
}

export interface Figures {
  readonly trainable: number
  readonly nonTrainable: number
  readonly connections?: number
  readonly depth: number
}

export type OptionValues = Partial<ParamsOf<ParamSpecs>>

/** An option that a preset does not have, or a value that it does not take. `message` is the English sentence. */
export class OptionError extends Error {
  override readonly name = 'OptionError'
  /** The option at fault. */
  readonly option: string
  readonly text: Text
  constructor(option: string, message: Text) {
    super(message.en)
    this.option = option
    this.text = message
  }
}
