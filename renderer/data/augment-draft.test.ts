import { describe, expect, test } from 'vitest'
import { augmentSchema } from '../../core/network/schema.ts'
import { augmentDraftOf, readAugment } from './augment-draft.ts'

describe('the fields of the augmentation', () => {
  const whole = augmentSchema.parse({
    ...{ crop: 4, flip: true, shift: 0.1, rotate: 15, pca: 0.1, fill: 'reflect' },
    resizedCrop: { area: [0.08, 1], aspect: [0.75, 1.25] },
    jitter: { brightness: 0.4, contrast: 0.4, saturation: 0.4, hue: 0.05 },
  })

  test('say what the recipe says', () => {
    expect(readAugment(augmentDraftOf(whole), whole)).toEqual(whole)
    expect(readAugment(augmentDraftOf())).toBeUndefined()
    expect(augmentDraftOf(whole)).toMatchObject({ shift: '10', area: '8', brightness: '40', hue: '5' })
  })

  test('are null while one of them is wrong, and give what the schema takes otherwise', () => {
    expect(readAugment({ ...augmentDraftOf(), rotate: '181' })).toBeNull()
    expect(readAugment({ ...augmentDraftOf(), crop: '1.5' })).toBeNull()
    const read = readAugment({ ...augmentDraftOf(), area: '30', contrast: '20' })
    expect(read).toEqual({
      resizedCrop: { area: [0.3, 1], aspect: [0.75, 4 / 3] },
      jitter: { contrast: 0.2 },
    })
    expect(augmentSchema.safeParse(read).success).toBe(true)
  })
})
