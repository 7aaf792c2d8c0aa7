import type { Recipe, TimeUnit } from '../../../network/schema.ts'

const STEPS: Readonly<Record<TimeUnit, (length: number) => string>> = {
  steps: (length) => String(length),
  epochs: (length) => `${length} * steps`,
  share: (length) => `${length} * steps * epochs`,
}

/** `rate_factor` of a recipe: what the learning rate is multiplied by at a step. */
export function scheduleSource({
  schedule = 'constant',
  warmup,
}: Pick<Recipe, 'schedule' | 'warmup'>): string {
  const lines = scheduleLines(schedule)
  const last = lines.at(-1)!
  const body = warmup
    ? [
        ...lines.slice(0, -1),
        `rise = ${STEPS[warmup.unit](warmup.length)}`,
        `warm_up = ${warmup.hold === undefined ? 'min((step + 1) / rise, 1)' : `${warmup.hold} if step < rise else 1`}`,
        `return warm_up * ${/[+\-*/]|if/.test(last) ? `(${last})` : last}`,
      ]
    : [...lines.slice(0, -1), `return ${last}`]
  return `def rate_factor(step, steps, epochs, drops):
    """What the learning rate is multiplied by; \`steps\` an epoch, \`drops\` of a plateau so far."""
${body.map((line) => `    ${line}\n`).join('')}`
}

/** All but the last line are statements; the last is the factor. */
function scheduleLines(schedule: NonNullable<Recipe['schedule']>): string[] {
  if (schedule === 'constant') return ['1.0']
  if (schedule === 'cosine') return ['(1 + math.cos(math.pi * step / (steps * epochs))) / 2']
  if (schedule === 'one-cycle') {
    return [
      'def between(low, high, progress):',
      '    return high + (low - high) * (1 + math.cos(math.pi * progress)) / 2',
      '',
      'total = steps * epochs',
      'top = max(0.3 * total - 1, 0)',
      'if step < top:',
      '    return between(1 / 25, 1, step / top)',
      'between(1, 1 / 25e4, min((step - top) / max(total - 1 - top, 1), 1))',
    ]
  }
  switch (schedule.type) {
    case 'step':
      return [`${schedule.factor} ** ((step + 1e-6) // (${STEPS[schedule.unit](schedule.every)}))`]
    case 'multi-step': {
      const times = schedule.at.map((at) => STEPS[schedule.unit](at)).join(', ')
      return [`${schedule.factor} ** sum(step + 1e-6 >= at for at in [${times}])`]
    }
    case 'exponential':
      return [`${schedule.factor} ** (step // steps)`]
    case 'plateau':
      return [`${schedule.factor} ** drops`]
  }
}

/** How many epochs a plateau schedule waits; null for the others. */
export const patienceOf = ({ schedule }: Pick<Recipe, 'schedule'>): number | null =>
  typeof schedule === 'object' && schedule.type === 'plateau' ? schedule.patience : null
