import type { KindName, registry } from '../../../layers/index.ts'
import type { LayerKind, Shape } from '../../../layers/kind.ts'
import type { ParamSpecs, ParamsOf } from '../../../layers/params.ts'
import type { TorchLayer, TorchModule } from '../module.ts'

type SpecsOf<K extends KindName> =
  (typeof registry)[K] extends LayerKind<infer P extends ParamSpecs> ? P : never
/** The parameters of a kind, all filled in. */
export type ParamsFor<K extends KindName> = ParamsOf<SpecsOf<K>>

/** What a layer with these parameters and inputs is in PyTorch. */
export type ToTorch<K extends KindName> = (params: ParamsFor<K>, inputs: readonly Shape[]) => TorchLayer

export const modules = (...list: readonly TorchModule[]): TorchLayer => ({ modules: list })

/** A module without weights, and the expression that does the same. */
export const plain = (
  callee: string,
  inline: (x: string) => string,
  args: TorchModule['args'] = [],
): TorchLayer => ({ modules: [{ callee, args, inline }] })

/** Amounts in the order of `F.pad`: the last axis first. */
export const lastFirst = (before: readonly number[], after: readonly number[]): number[] =>
  before.flatMap((_, i) => [before.at(-1 - i)!, after.at(-1 - i)!])
