import { expect, it } from 'vitest'
import { analyze } from '../core/analysis/analyze.ts'
import { presetOf, presets } from './index.ts'

/**
 * Models as published teach only what their own papers, or those after them, made of their design. Whatever is not
 * listed here would be crying wolf.
 */
const TAUGHT: Readonly<Record<string, readonly string[]>> = {
  // three dense layers behind flattened maps; GoogLeNet answered with global average pooling
  'head-holds-most': [
    'alexnet',
    'alexnet-single',
    'zfnet',
    'zfnet-large',
    'vgg-a',
    'vgg-a-lrn',
    'vgg-b',
    'vgg-c',
    'vgg-d',
    'vgg-e',
    // AlexNet's head over 16 frames
    'c3d',
  ],
  // trained from the weights of A, which alone learned from random ones (section 3.1)
  'no-normalization': ['vgg-b', 'vgg-c', 'vgg-d', 'vgg-e'],
  // made to show the degradation that shortcuts cure; Plain-18 and Plain-20 do not have it yet
  'no-short-path': ['plain-34', 'plain-56-cifar'],
  // the stride of v1 bottlenecks is in the first 1x1, the shortcut skips the same places; M5 pools 7,981 by 4
  'stride-leaves-rest': [
    'resnet-50',
    'resnet-101',
    'resnet-152',
    'preact-resnet-164',
    'preact-resnet-1001',
    'm5',
  ],
}

it('no model as published is told anything but what its design is known for', () => {
  const taught: Record<string, string[]> = {}
  for (const preset of presets)
    for (const code of new Set(analyze(preset.build()).issues.map((issue) => issue.code)))
      taught[code] = [...(taught[code] ?? []), preset.id]
  const sorted = (lists: Readonly<Record<string, readonly string[]>>) =>
    Object.fromEntries(Object.entries(lists).map(([code, ids]) => [code, ids.toSorted()]))
  expect(sorted(taught)).toEqual(sorted(TAUGHT))
})

it('every lesson names its source, says both languages, and computes its saving', () => {
  for (const preset of presets)
    for (const issue of analyze(preset.build()).issues) {
      expect([preset.id, issue.code, issue.source?.citation]).toEqual([
        preset.id,
        issue.code,
        expect.any(String),
      ])
      expect(issue.message.ko).toMatch(/[가-힣]/)
    }
  const [head] = analyze(presetOf('vgg-d')!.build()).issues
  expect(head!.message.en).toContain('123,642,856 / 138,357,544')
  expect(head!.fix!.en).toContain('leave 513,000 of them and save 123,129,856')
})

it('settings that take away what helps are told so', () => {
  const codes = (id: string, options: object) =>
    analyze(presetOf(id)!.build(options)).issues.map((issue) => issue.code)
  expect(codes('googlenet', { auxiliary: false })).toEqual(['no-normalization'])
  expect(codes('googlenet', { auxiliary: false, norm: 'batchnorm' })).toEqual([])
  expect(codes('resnet-56-cifar', { shortcut: 'none' })).toEqual(['no-short-path'])
})
