import type { Augment } from '../../../network/schema.ts'

/** `augment` of a recipe, over a batch of pixels from 0 to 255; null where images are taken as they are. */
export function augmentSource(augment: Augment | undefined): string | null {
  if (!augment) return null
  const { crop = 0, flip = false, shift = 0, rotate = 0, resizedCrop, jitter, pca, fill } = augment
  const moves = crop > 0 || flip || shift > 0 || rotate > 0 || resizedCrop
  if (!moves && !jitter && pca === undefined) return null
  const parts = [
    ...(moves ? [moveSource({ crop, flip, shift, rotate, resizedCrop, fill })] : []),
    ...(jitter ? [jitterSource(jitter)] : []),
    ...(pca === undefined ? [] : [pcaSource(pca)]),
  ]
  const calls = [
    ...(moves ? ['    images = move(images)'] : []),
    ...(jitter ? ['    images = jitter(images)'] : []),
    ...(pca === undefined ? [] : ['    images = shift_colors(images)']),
  ]
  return `${parts.join('\n\n')}

def augment(images):
    """Varies a batch of pixels from 0 to 255, each sample in its own way."""
${calls.join('\n')}
    return images
`
}

type Moves = Pick<Augment, 'crop' | 'flip' | 'shift' | 'rotate' | 'fill'> & {
  readonly resizedCrop: Augment['resizedCrop']
}

function moveSource({ crop = 0, flip, shift = 0, rotate = 0, resizedCrop, fill }: Moves): string {
  const lines: string[] = []
  if (crop > 0) {
    lines.push(
      `    # pad by ${crop} and cut the input's size out anywhere`,
      `    left = left + torch.randint(-${crop}, ${crop + 1}, (n,), device=device)`,
      `    top = top + torch.randint(-${crop}, ${crop + 1}, (n,), device=device)`,
    )
  }
  if (shift > 0) {
    lines.push(
      `    left = left + width * uniform(-${shift}, ${shift})`,
      `    top = top + height * uniform(-${shift}, ${shift})`,
    )
  }
  if (rotate > 0) lines.push(`    angle = uniform(-${rotate}, ${rotate}) * math.pi / 180`)
  if (resizedCrop) {
    const [area, aspect] = [resizedCrop.area, resizedCrop.aspect]
    lines.push(
      `    # a part of ${area.join(' to ')} of the area, its width by its height ${aspect.join(' to ')}`,
      `    area = height * width * uniform(${area[0]}, ${area[1]})`,
      `    aspect = torch.exp(uniform(${log(aspect[0])}, ${log(aspect[1])}))`,
      '    wide = torch.sqrt(area * aspect).round().clamp(1, width)',
      '    high = torch.sqrt(area / aspect).round().clamp(1, height)',
      '    left = left + torch.rand(n, device=device) * (width - wide) + (wide - width) / 2',
      '    top = top + torch.rand(n, device=device) * (height - high) + (high - height) / 2',
    )
  }
  if (flip) lines.push('    mirror = 1 - 2 * torch.randint(0, 2, (n,), device=device)')
  const border = fill === 'reflect' ? 'reflection' : 'zeros'
  return `def move(images):
    """Cuts, shifts, turns and mirrors; volumes move whole, signals along their length."""
    shape = images.shape
    images = images.reshape(shape[0], -1, *(shape[-2:] if len(shape) > 3 else (1, shape[-1])))
    n, _, height, width = images.shape
    device = images.device

    def uniform(low, high):
        return low + (high - low) * torch.rand(n, device=device)

    left, top, angle = (torch.zeros(n, device=device) for _ in range(3))
    wide, high, mirror = width, height, 1
${lines.join('\n')}
    columns = torch.arange(width, device=device) - (width - 1) / 2
    rows = torch.arange(height, device=device) - (height - 1) / 2

    def each(value):
        return torch.as_tensor(value, device=device, dtype=torch.float32).reshape(-1, 1, 1)

    x = each(mirror) * each(wide) / width * columns
    y = each(high) / height * rows[:, None]
    if len(shape) == 3:
        top = angle = torch.zeros(n, device=device)
    across = torch.cos(each(angle)) * x - torch.sin(each(angle)) * y + each(left)
    down = torch.sin(each(angle)) * x + torch.cos(each(angle)) * y + each(top)
    grid = torch.stack((across * 2 / max(width - 1, 1), down * 2 / max(height - 1, 1)), 3)
    moved = F.grid_sample(images, grid, padding_mode="${border}", align_corners=True)
    return moved.reshape(shape)
`
}

const log = (value: number): string => `math.log(${value})`

function jitterSource({
  brightness = 0,
  contrast = 0,
  saturation = 0,
  hue = 0,
}: NonNullable<Augment['jitter']>): string {
  const factor = (share: number) => `uniform(${Math.max(0, 1 - share)}, ${1 + share})`
  const changes = [
    ...(brightness > 0 ? [`lambda a: a * ${factor(brightness)}`] : []),
    ...(contrast > 0 ? [`lambda a: blend(a, gray(a).mean((2, 3), keepdim=True), ${factor(contrast)})`] : []),
    ...(saturation > 0 ? [`lambda a: blend(a, gray(a), ${factor(saturation)})`] : []),
    ...(hue > 0 ? [`lambda a: turn_hue(a, uniform(-${hue}, ${hue}))`] : []),
  ]
  return `def gray(images):
    if images.shape[1] != 3:
        return images
    return (images * torch.tensor([0.299, 0.587, 0.114], device=images.device)[:, None, None]).sum(1, True)


def jitter(images):
    """Changes brightness, contrast, saturation and hue, in random order."""
    images = images / 255

    def uniform(low, high):
        return low + (high - low) * torch.rand(len(images), 1, 1, 1, device=images.device)

    def blend(a, b, share):
        return b + share * (a - b)
${
  hue > 0
    ? `
    def turn_hue(a, turn):
        if a.shape[1] != 3:
            return a
        value, at = a.max(1, keepdim=True)
        chroma = value - a.min(1, keepdim=True)[0]
        safe = chroma.clamp(min=1e-8)
        red, green, blue = a.split(1, 1)
        sixth = torch.where(at == 0, (green - blue) / safe, torch.where(
            at == 1, 2 + (blue - red) / safe, 4 + (red - green) / safe))  # fmt: skip
        place = (torch.tensor([5.0, 3.0, 1.0], device=a.device)[:, None, None] + sixth + 6 * turn) % 6
        return value - chroma * torch.minimum(place, 4 - place).clamp(0, 1)
`
    : ''
}
    changes = [
${changes.map((change) => `        ${change},`).join('\n')}
    ]
    for i in torch.randperm(len(changes)).tolist():
        images = changes[i](images).clamp(0, 1)
    return images * 255
`
}

const pcaSource = (deviation: number): string => `def shift_colors(images):
    """Shifts colours along the principal axes of the batch's pixels (Krizhevsky et al. 2012)."""
    if images.shape[1] != 3:
        return images
    pixels = images.transpose(0, 1).flatten(1)
    spread, axes = torch.linalg.eigh(torch.cov(pixels))
    draws = ${deviation} * torch.randn(len(images), 3, device=images.device) * spread.clamp(min=0).sqrt()
    return images + (draws @ axes.T)[:, :, None, None]
`
