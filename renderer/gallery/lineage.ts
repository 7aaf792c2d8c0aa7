import { type Text, text } from '../../core/network/text.ts'

/** The ideas by which the family tree is split into lanes. */
export const lanes: readonly Text[] = [
  text('Stacked layers', '층 쌓기'),
  text('Parallel branches', '병렬 갈래'),
  text('Shortcuts', '지름길'),
  text('Dense links', '조밀 연결'),
  text('1D and 3D', '1D·3D'),
]

/** A model of the tree: a column of its year, a lane, and the families of presets that it stands for. */
export interface Kin {
  readonly id: string
  readonly year: number
  readonly lane: number
  /** Where in its year's column it stands, 0 to 1. */
  readonly at: number
  readonly name: Text
  /** Ids of families, the one whose member is drawn first. */
  readonly families: readonly string[]
}

/** What a model took from one before it, as the documents tell it, or its paper where they are silent. */
export interface Relation {
  readonly from: string
  readonly to: string
  readonly took: Text
  readonly source: string
}

const same = (name: string) => text(name, name)

export const kin: readonly Kin[] = [
  { id: 'lenet', year: 1998, lane: 0, at: 0, name: same('LeNet-5'), families: ['lenet'] },
  { id: 'alexnet', year: 2012, lane: 0, at: 0, name: same('AlexNet'), families: ['alexnet'] },
  { id: 'zfnet', year: 2013, lane: 0, at: 0, name: same('ZFNet'), families: ['zfnet'] },
  { id: 'vgg', year: 2014, lane: 0, at: 0, name: same('VGG'), families: ['vgg'] },
  {
    id: 'googlenet',
    year: 2014,
    lane: 1,
    at: 0.2,
    name: same('GoogLeNet'),
    families: ['googlenet', 'inception'],
  },
  { id: 'plain', year: 2015, lane: 0, at: 0.1, name: same('Plain'), families: ['plain'] },
  { id: 'resnet', year: 2015, lane: 2, at: 0.36, name: same('ResNet'), families: ['resnet', 'resnet-cifar'] },
  { id: 'c3d', year: 2015, lane: 4, at: 0, name: same('C3D'), families: ['c3d'] },
  { id: 'densenet', year: 2016, lane: 3, at: 0, name: same('DenseNet'), families: ['densenet'] },
  {
    id: 'preact',
    year: 2016,
    lane: 2,
    at: 0,
    name: text('Pre-act', '사전 활성화'),
    families: ['preact-resnet'],
  },
  { id: 'wrn', year: 2016, lane: 2, at: 0.54, name: same('Wide ResNet'), families: ['wrn'] },
  { id: 'm5', year: 2017, lane: 4, at: 0, name: same('M5'), families: ['m5'] },
]

const HISTORY = 'CNN의 발전, 모델 요약정리 1 (2020)'
const LECTURE = 'goormNLP, CNN Architectures (2022)'
const RESNETS = 'CNN 구조 3: VGGNet, ResNet'

export const relations: readonly Relation[] = [
  {
    from: 'lenet',
    to: 'alexnet',
    took: text(
      'convolution and subsampling, now eight layers for large images: ReLU and two GPUs to train them, dropout and augmentation against overfitting',
      '합성곱과 서브샘플링을 큰 이미지용 8층으로 키우고, ReLU와 GPU 2개로 학습하고, 드롭아웃과 데이터 증강으로 과적합을 막았습니다',
    ),
    source: HISTORY,
  },
  {
    from: 'alexnet',
    to: 'zfnet',
    took: text(
      'the same eight layers with better hyperparameters: first filters of 7×7, stride 2, instead of 11×11, stride 4',
      '같은 8층의 하이퍼파라미터를 최적화했습니다. 첫 필터는 11×11(스트라이드 4) 대신 7×7(스트라이드 2)입니다',
    ),
    source: HISTORY,
  },
  {
    from: 'alexnet',
    to: 'vgg',
    took: text(
      'a plain row of layers, from 8 to 19 of them: 3×3 filters alone, and no response normalization',
      '한 줄로 쌓은 구조를 8층에서 19층까지 늘렸습니다. 3×3 필터만 쓰고 LRN은 뺐습니다',
    ),
    source: LECTURE,
  },
  {
    from: 'alexnet',
    to: 'googlenet',
    took: text(
      'its task with 12 times fewer parameters: filters of several sizes side by side, behind 1×1 reductions',
      '같은 문제를 12배 적은 파라미터로 풀었습니다. 1×1로 줄인 뒤 여러 크기의 필터를 나란히 둡니다',
    ),
    source: LECTURE,
  },
  {
    from: 'vgg',
    to: 'googlenet',
    took: text(
      'global average pooling answers the dense layers that made VGG so large',
      '파라미터가 너무 많던 VGG의 완전 연결 레이어를 전역 평균 풀링으로 대신했습니다',
    ),
    source: HISTORY,
  },
  {
    from: 'vgg',
    to: 'plain',
    took: text(
      'the frame: 3×3 filters, and twice as many wherever maps are halved, by stride instead of pooling',
      '기본 틀입니다. 3×3 필터를 쓰고, 풀링 대신 스트라이드로 맵이 절반이 될 때 필터를 2배로 늘립니다',
    ),
    source: RESNETS,
  },
  {
    from: 'plain',
    to: 'resnet',
    took: text(
      'the same layers, with the input of every two added to their output: H(x) = F(x) + x, so that 152 layers train',
      '같은 레이어에 두 층마다 입력을 출력에 더합니다. H(x) = F(x) + x로 152층까지 학습됩니다',
    ),
    source: RESNETS,
  },
  {
    from: 'resnet',
    to: 'preact',
    took: text(
      'the shortcut, now an identity from end to end: ReLU and batch norm moved into F(x), up to 1,001 layers',
      '지름길을 처음부터 끝까지 항등으로 만들었습니다. ReLU와 배치 정규화를 F(x) 안으로 옮겨 1,001층까지 갑니다',
    ),
    source: RESNETS,
  },
  {
    from: 'resnet',
    to: 'densenet',
    took: text(
      'the skip connection, evolved: every layer reads all before it, joined instead of added, through bottlenecks',
      '진화된 skip connection입니다. 더하지 않고 이어 붙여 앞의 모든 층을 읽고, bottleneck 레이어로 줄입니다',
    ),
    source: HISTORY,
  },
  {
    from: 'preact',
    to: 'wrn',
    took: text(
      'its units, fewer of them and several times as wide: 28 layers do better than 1,001',
      '같은 유닛을 덜 쌓고 몇 배로 넓혔습니다. 28층이 1,001층보다 낫습니다',
    ),
    source: 'Zagoruyko and Komodakis, 2016',
  },
  {
    from: 'vgg',
    to: 'c3d',
    took: text(
      'small filters all the way: 3×3×3 over video, time as the third axis',
      '작은 필터만 쓰는 원칙입니다. 시간을 세 번째 축으로 보는 3×3×3 필터를 비디오에 씁니다',
    ),
    source: 'Tran et al., 2015',
  },
  {
    from: 'vgg',
    to: 'm5',
    took: text(
      'small filters in a deep row, along the one axis of raw sound',
      '작은 필터를 깊게 쌓는 원칙을 원시 소리의 한 축에 적용했습니다',
    ),
    source: 'Dai et al., 2016',
  },
]

/** A model and all it descends from. */
export function ancestryOf(id: string): {
  readonly models: ReadonlySet<string>
  readonly links: ReadonlySet<Relation>
} {
  const models = new Set([id])
  const links = new Set<Relation>()
  for (const model of models)
    for (const relation of relations)
      if (relation.to === model) {
        links.add(relation)
        models.add(relation.from)
      }
  return { models, links }
}
