/**
 * What PyTorch has no module for, as it stands in a generated file; each is written there only when it is used. A
 * function and the module that calls it go together: the module is for `nn.Sequential`.
 */
interface Helper {
  readonly name: string
  readonly source: string
}

const moduleOf = (name: string, params: string, expression: string, doc: string): string => {
  const names = params.split(', ').map((param) => param.split('=')[0]!.replace('*', ''))
  return `class ${name}(nn.Module):
    """${doc}"""

    def __init__(self, ${params}):
        super().__init__()
${names.map((param) => `        self.${param} = ${param}`).join('\n')}

    def forward(self, x):
        return ${expression}
`
}

export const helpers: readonly Helper[] = [
  {
    name: 'scaled_tanh',
    source: `def scaled_tanh(x, amplitude=1.7159, slope=2 / 3):
    """A tanh(S x) (LeCun et al. 1998)."""
    return amplitude * torch.tanh(slope * x)
`,
  },
  {
    name: 'ScaledTanh',
    source: moduleOf(
      'ScaledTanh',
      'amplitude=1.7159, slope=2 / 3',
      'scaled_tanh(x, self.amplitude, self.slope)',
      'A tanh(S x) (LeCun et al. 1998).',
    ),
  },
  {
    name: 'zero_pad_shortcut',
    source: `def zero_pad_shortcut(x, channels, stride):
    """Places at a stride, and channels of zeros: the shortcut without weights (He et al. 2015, option A)."""
    rows, columns = (stride, stride) if isinstance(stride, int) else stride
    x = x[:, :, ::rows, ::columns]
    return F.pad(x, (0, 0, 0, 0, 0, channels - x.shape[1]))
`,
  },
  {
    name: 'ZeroPadShortcut',
    source: moduleOf(
      'ZeroPadShortcut',
      'channels, stride',
      'zero_pad_shortcut(x, self.channels, self.stride)',
      'The shortcut without weights (He et al. 2015, option A).',
    ),
  },
  {
    name: 'channel_shuffle',
    source: `def channel_shuffle(x, groups):
    """Deals the channels of each group out over all groups (Zhang et al. 2017)."""
    return x.unflatten(1, (groups, -1)).transpose(1, 2).flatten(1, 2)
`,
  },
  {
    name: 'ChannelShuffle',
    source: moduleOf(
      'ChannelShuffle',
      'groups',
      'channel_shuffle(x, self.groups)',
      'Deals the channels of each group out over all groups (Zhang et al. 2017).',
    ),
  },
  {
    name: 'padded_average_pool',
    source: `def padded_average_pool(x, kernel_size, stride, uncounted, counted=0):
    """Average pooling with padding on each side as given (order of F.pad), counted in the mean or not."""
    pool = {3: F.avg_pool1d, 4: F.avg_pool2d, 5: F.avg_pool3d}[x.dim()]
    if counted == 0:
        counted = (0,) * len(uncounted)
    places = F.pad(F.pad(torch.ones_like(x[:1, :1]), counted, value=1.0), uncounted)
    total = pool(F.pad(F.pad(x, counted), uncounted), kernel_size, stride)
    return total / pool(places, kernel_size, stride)
`,
  },
  {
    name: 'PaddedAveragePool',
    source: moduleOf(
      'PaddedAveragePool',
      'kernel_size, stride, uncounted, counted=0',
      'padded_average_pool(x, self.kernel_size, self.stride, self.uncounted, self.counted)',
      'Average pooling with padding on each side as given.',
    ),
  },
  {
    name: 'Permute',
    source: moduleOf('Permute', '*order', 'x.permute(self.order)', 'Puts the axes in another order.'),
  },
  {
    name: 'Reshape',
    source: moduleOf('Reshape', '*shape', 'x.reshape(-1, *self.shape)', 'Gives each sample another shape.'),
  },
  {
    name: 'Slice',
    source: moduleOf('Slice', 'begin, end', 'x[:, self.begin : self.end]', 'Some channels in a row.'),
  },
  {
    name: 'Subsampling',
    source: `class Subsampling(nn.Module):
    """Sums each window, times one coefficient, plus one bias a map (LeCun et al. 1998, layers S2 and S4)."""

    def __init__(self, channels, kernel_size=2, stride=2):
        super().__init__()
        self.kernel_size = kernel_size
        self.stride = stride
        self.coefficient = nn.Parameter(torch.full((channels,), 0.25))
        self.bias = nn.Parameter(torch.zeros(channels))

    def forward(self, x):
        total = F.avg_pool2d(x, self.kernel_size, self.stride, divisor_override=1)
        return total * self.coefficient[:, None, None] + self.bias[:, None, None]
`,
  },
  {
    name: 'PartialConv2d',
    source: `class PartialConv2d(nn.Module):
    """A convolution whose output maps each see only some input maps (LeCun et al. 1998, layer C3 and table I).

    \`seen\` lists, for each output map, the input maps it sees; one kernel is stored for each of them.
    """

    def __init__(self, in_channels, seen, kernel_size, stride=1, padding=0, bias=True):
        super().__init__()
        self.stride = stride
        self.padding = padding
        connected = torch.zeros(len(seen), in_channels, dtype=torch.bool)
        for output, inputs in enumerate(seen):
            connected[output, list(inputs)] = True
        self.register_buffer("connected", connected, persistent=False)
        size = (kernel_size, kernel_size) if isinstance(kernel_size, int) else kernel_size
        self.weight = nn.Parameter(torch.empty(int(connected.sum()), *size))
        self.bias = nn.Parameter(torch.zeros(len(seen))) if bias else None
        limit = 2.4 / (len(self.weight) / len(seen) * size[0] * size[1])
        nn.init.uniform_(self.weight, -limit, limit)

    def forward(self, x):
        full = self.weight.new_zeros(*self.connected.shape, *self.weight.shape[1:])
        full[self.connected] = self.weight
        return F.conv2d(x, full, self.bias, self.stride, self.padding)
`,
  },
  {
    name: 'RBF',
    source: `class RBF(nn.Module):
    """Squared distance to the fixed picture of each class (LeCun et al. 1998, output layer).

    \`pictures\` holds 84 dots a class as hexadecimal digits: 1 is ink (+1), 0 is paper (-1).
    """

    def __init__(self, pictures):
        super().__init__()
        rows = [[2.0 * int(dot) - 1.0 for dot in f"{int(picture, 16):084b}"] for picture in pictures]
        self.register_buffer("codes", torch.tensor(rows))

    def forward(self, x):
        return ((x[:, None, :] - self.codes) ** 2).sum(2)
`,
  },
  {
    name: 'ChannelNorm',
    source: `class ChannelNorm(nn.LayerNorm):
    """Layer norm at every place over the channels, as in ConvNeXt."""

    def forward(self, x):
        return super().forward(x.movedim(1, -1)).movedim(-1, 1)
`,
  },
  {
    name: 'StochasticDepth',
    source: `class StochasticDepth(nn.Module):
    """While training, drops the whole branch at random and scales it up otherwise (Huang et al. 2016)."""

    def __init__(self, p, per_sample=True):
        super().__init__()
        self.p = p
        self.per_sample = per_sample

    def forward(self, x):
        if not self.training or self.p == 0:
            return x
        samples = len(x) if self.per_sample else 1
        kept = torch.rand(samples, *[1] * (x.dim() - 1), device=x.device) > self.p
        return x * kept / (1 - self.p)
`,
  },
]

/** Sources of all helpers that a text calls, and of those that they call, in the order of the list. */
export function helpersOf(text: string): string[] {
  const uses = (source: string, name: string) => new RegExp(`\\b${name}\\(`).test(source)
  const wanted = new Set<Helper>()
  let open = [text]
  while (open.length > 0) {
    const next = helpers.filter(
      (helper) => !wanted.has(helper) && open.some((source) => uses(source, helper.name)),
    )
    for (const helper of next) wanted.add(helper)
    open = next.map(({ source }) => source)
  }
  return helpers.filter((helper) => wanted.has(helper)).map(({ source }) => source)
}
