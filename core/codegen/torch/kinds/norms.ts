import { keyword, perAxis, positional } from '../module.ts'
import { literal, tidy } from '../python.ts'
import { modules, plain, type ToTorch } from './kind.ts'

const affine = { weight: 'weight', bias: 'bias' }

export const batchNorm: ToTorch<'batchnorm'> = (p, [shape]) =>
  modules({
    callee: `nn.BatchNorm${Math.max(1, shape!.length - 1)}d`,
    args: [
      positional('num_features', shape![0]!),
      keyword('eps', p.epsilon, 1e-5),
      keyword('momentum', p.momentum, 0.1),
      keyword('affine', p.affine, true),
    ],
    weights: { ...affine, running_mean: 'running_mean', running_var: 'running_var' },
  })

export const groupNorm: ToTorch<'groupnorm'> = (p, [shape]) =>
  modules({
    callee: 'nn.GroupNorm',
    args: [
      positional('num_groups', p.groups),
      positional('num_channels', shape![0]!),
      keyword('eps', p.epsilon, 1e-5),
      keyword('affine', p.affine, true),
    ],
    weights: affine,
  })

export const layerNorm: ToTorch<'layernorm'> = (p, [shape]) => {
  const whole = p.over === 'sample' || shape!.length === 1
  return modules({
    callee: whole ? 'nn.LayerNorm' : 'ChannelNorm',
    args: [
      positional('normalized_shape', whole && shape!.length > 1 ? shape! : shape![0]!),
      keyword('eps', p.epsilon, 1e-5),
      keyword('elementwise_affine', p.affine, true),
    ],
    weights: affine,
  })
}

export const instanceNorm: ToTorch<'instancenorm'> = (p, [shape]) =>
  modules({
    callee: `nn.InstanceNorm${shape!.length - 1}d`,
    args: [
      positional('num_features', shape![0]!),
      keyword('eps', p.epsilon, 1e-5),
      keyword('affine', p.affine, false),
    ],
    weights: affine,
  })

export const responseNorm: ToTorch<'lrn'> = ({ n, k, alpha, beta }) => {
  // the paper takes the sum of the squares, PyTorch the mean
  const scaled = tidy(alpha * n)
  return plain(
    'nn.LocalResponseNorm',
    (x) => `F.local_response_norm(${x}, ${n}, ${literal(scaled)}, ${literal(beta)}, ${literal(k)})`,
    [positional('size', n), positional('alpha', scaled), positional('beta', beta), positional('k', k)],
  )
}

export const dropout: ToTorch<'dropout'> = (p) =>
  modules({ callee: 'nn.Dropout', args: [positional('p', p.rate)] })

export const channelDropout: ToTorch<'channel-dropout'> = (p, [shape]) =>
  modules({ callee: `nn.Dropout${shape!.length - 1}d`, args: [positional('p', p.rate)] })

export const stochasticDepth: ToTorch<'stochastic-depth'> = (p) =>
  modules({
    callee: 'StochasticDepth',
    args: [positional('p', p.rate), keyword('per_sample', p.per === 'sample', true)],
  })

export const upsample: ToTorch<'upsample'> = ({ scale, interpolation }, [shape]) => {
  const mode =
    interpolation === 'nearest' ? 'nearest' : ['linear', 'bilinear', 'trilinear'][shape!.length - 2]!
  return plain('nn.Upsample', (x) => `F.interpolate(${x}, scale_factor=${scale}, mode="${mode}")`, [
    keyword('scale_factor', scale),
    keyword('mode', `"${mode}"`),
  ])
}

export const zeroPadShortcut: ToTorch<'zero-pad-shortcut'> = ({ channels, stride }) => {
  const steps = perAxis(stride)
  return plain('ZeroPadShortcut', (x) => `zero_pad_shortcut(${x}, ${channels}, ${literal(steps)})`, [
    positional('channels', channels),
    keyword('stride', steps),
  ])
}
