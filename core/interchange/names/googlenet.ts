import { byPatterns, type Models } from './library.ts'

/** Of a module's branch, as the second part of its layers' names says. */
const BRANCHES: Readonly<Record<string, string>> = {
  '1x1': 'branch1',
  '3x3-reduce': 'branch2.0',
  '3x3': 'branch2.1',
  '5x5-reduce': 'branch3.0',
  '5x5': 'branch3.1',
  'pool-proj': 'branch4.1',
}
const branch = Object.keys(BRANCHES).join('|')
const module = (name: string, of: string) => `inception${name}.${BRANCHES[of]}`

/** torchvision's GoogLeNet has batch norm, filters of 3 in the third branch and pooling of 2 before 5a. */
export const googlenet: Models = {
  presets: ['googlenet'],
  settings: { googlenet: { norm: 'batchnorm', branch: '3x3', pool4: '2x2' } },
  rename: () =>
    byPatterns([
      [/^conv1(-bn)?$/, ([bn]) => `conv1.${bn ? 'bn' : 'conv'}`],
      [/^conv2-reduce(-bn)?$/, ([bn]) => `conv2.${bn ? 'bn' : 'conv'}`],
      [/^conv2(-bn)?$/, ([bn]) => `conv3.${bn ? 'bn' : 'conv'}`],
      [
        new RegExp(`^inception_(\\d[a-e])-(${branch})(-bn)?$`),
        ([name, of, bn]) => `${module(name!, of!)}.${bn ? 'bn' : 'conv'}`,
      ],
      [/^(aux[12])-conv(-bn)?$/, ([aux, bn]) => `${aux}.conv.${bn ? 'bn' : 'conv'}`],
      [/^(aux[12])-(fc[12])$/, ([aux, fc]) => `${aux}.${fc}`],
      [/^fc$/, () => 'fc'],
    ]),
}
