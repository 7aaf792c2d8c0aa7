export { adaptHead, type HeadChange, headOf, inputTransformOf } from './head.ts'
export { type AnyKind, type KindName, kindOf, kinds, registry } from './registry.ts'
export { type AnyParams, problemOf, type ResolvedParams, resolveParams } from './resolve.ts'
export { type ResolvedLayer, resolveLayer, upgradeLayer } from './upgrade.ts'
