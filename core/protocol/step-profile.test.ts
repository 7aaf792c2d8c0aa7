import { expect, it } from 'vitest'
import { profileText, type StepProfile, stepProfile } from './step-profile.ts'

const every: readonly StepProfile[] = [
  { code: 'blocked', lanes: 8 },
  { code: 'too-deep' },
  { code: 'no-kernels' },
  { code: 'no-gain' },
  { code: 'nothing-to-block' },
  { code: 'loss-differs', step: 1, got: '1.005', wanted: '1' },
  { code: 'weight-differs', weight: 'c1.weight', part: '2.0e-1' },
  { code: 'filling-differs' },
  { code: 'slower', took: '3.00', usual: '2.00' },
  { code: 'failed', message: 'no such library' },
]

it('tells every way of computing a step in both languages, with its figures', () => {
  expect(new Set(every.map(({ code }) => code)).size).toBe(stepProfile.options.length)
  for (const profile of every) {
    const { code, ...figures } = profile
    const { en, ko } = profileText(profile)
    expect(stepProfile.parse(profile)).toEqual(profile)
    expect(en, code).toMatch(/^(blocked kernels|standard operators) \(/)
    expect(ko, code).toMatch(/^(블록 커널|표준 연산자)\(/)
    for (const figure of Object.values(figures)) {
      expect(en).toContain(`${figure}`)
      expect(ko).toContain(`${figure}`)
    }
  }
})
