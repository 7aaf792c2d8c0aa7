import { type FormEvent, useId, useMemo, useState } from 'react'
import { adaptInput, type InputChange } from '../../core/analysis/adapt-input.ts'
import { analyze } from '../../core/analysis/analyze.ts'
import { adaptHead, inputTransformOf } from '../../core/layers/index.ts'
import type { NetworkDocument } from '../../core/network/schema.ts'
import { type Text, text } from '../../core/network/text.ts'
import { shape } from '../analysis/format.ts'
import { rememberSource } from '../data/remembered.ts'
import { editNetwork } from '../gallery/open.ts'
import { usePick, useText } from '../i18n/index.ts'
import { Button } from '../kit/Button.tsx'
import { Switch } from '../kit/Choice.tsx'
import { Dialog } from '../kit/Dialog.tsx'
import { Icon } from '../kit/Icon.tsx'
import type { TrainRequest } from '../state/run.ts'
import { useStore } from '../state/store.ts'
import { Cost } from './Cost.tsx'
import { DataChoice } from './DataChoice.tsx'
import { type Draft, draftOf, readDraft, sourceOf } from './draft.ts'
import { Mirrored } from './Mirrored.tsx'
import { RangeTest } from './RangeTest.tsx'
import { RecipeFields } from './RecipeFields.tsx'
import { newWeights, type Start, StartFrom } from './StartFrom.tsx'
import { type Description, type NetworkInput, useDescription } from './useDescription.ts'
import { useEstimate } from './useEstimate.ts'
import './dialog.css'

/** Asks on what and how to train, says what it will cost and what will be changed, and starts. */
export function TrainDialog() {
  const request = useStore((s) => s.run.request)
  return request && <Open key={request.document.name} request={request} />
}

function Open({ request }: { request: TrainRequest }) {
  const t = useText('training')
  const { closeRequest, start } = useStore((s) => s.run)
  const starting = useStore((s) => s.run.starting)
  const [adapt, setAdapt] = useState(false)
  const [draft, setDraft] = useState<Draft>(() => draftOf(request.document, request.config))
  const change = (part: Partial<Draft>) => setDraft((d) => ({ ...d, ...part }))
  const describing = useDescription(sourceOf(draft), useInput(request.document))
  const { description } = describing
  const data = description.state === 'ready' ? description.data : null
  const other = useAdapted(request.document, data)
  const document = adapt && other ? other.document : request.document
  const problems = useProblems(document, data)
  // data is read by the same machine whose engines are measured
  const idle = sourceOf(draft) === null || !['none', 'reading'].includes(description.state)
  const { config } = readDraft(draft)
  const [from, setFrom] = useStart(request)
  const estimate = useEstimate(document, problems.length > 0 ? null : config, data)
  const blocked =
    problems.length > 0 ||
    config === null ||
    description.state === 'bad' ||
    starting ||
    !from.ready ||
    estimate.estimate?.fits === false
  const fitted = useMemo(
    () => (data ? adaptHead(document, data.classes.length).document : document),
    [document, data],
  )
  const formId = useId()
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (blocked || !config) return
    rememberSource(config.data)
    const { from: _, ...asked } = request.config
    void start(document, { ...asked, ...config, ...(from.from ? { from: from.from } : {}) })
  }
  return (
    <Dialog
      open
      width={600}
      title={t('dialog.title', { name: document.name })}
      onClose={closeRequest}
      footer={
        <>
          <Button onClick={closeRequest}>{t('dialog.cancel')}</Button>
          <Button type="submit" form={formId} variant="primary" icon="play" disabled={blocked}>
            {t('dialog.train')}
          </Button>
        </>
      }
    >
      <form id={formId} className="train-dialog" onSubmit={submit}>
        {problems.length > 0 && <Problems document={document} problems={problems} />}
        <DataChoice {...{ request, draft, describing }} onChange={change} />
        {data && <Changes document={document} data={data} />}
        {other && <AdaptInput change={other} checked={adapt} onChange={setAdapt} />}
        <Mirrored request={request} source={draft.source} />
        <StartFrom document={fitted} start={from} onChange={setFrom} />
        <RecipeFields
          draft={draft}
          recipe={document.recipe}
          idle={idle}
          samples={data?.count ?? null}
          rangeTest={
            data && (
              <RangeTest
                document={document}
                config={problems.length > 0 ? null : config}
                onUse={(rate) => change({ learningRate: String(rate) })}
              />
            )
          }
          onChange={setDraft}
        />
        <Cost
          document={document}
          draft={draft}
          data={data}
          estimate={estimate}
          onBatch={(batch) => change({ batch: String(batch) })}
        />
      </form>
    </Dialog>
  )
}

/** What the network takes, the same object as long as the network is. */
function useInput(document: NetworkDocument): NetworkInput | undefined {
  return useMemo(() => {
    const input = inputTransformOf(document)
    return input ? { shape: [...input.shape], fit: input.fit } : undefined
  }, [document])
}

/** The network made for the data's own size, where it is another one; null where that can't be. */
function useAdapted(document: NetworkDocument, data: Description | null): InputChange | null {
  return useMemo(() => {
    const [channels, height, width] = data?.shape ?? []
    if (channels === undefined || height === undefined || width === undefined || data?.shape.length !== 3) {
      return null
    }
    const adapted = adaptInput(document, [height, width])
    return adapted && adapted.messages.length > 0 ? adapted : null
  }, [document, data])
}

interface AdaptInputProps {
  readonly change: InputChange
  readonly checked: boolean
  onChange(checked: boolean): void
}

/** Offers to bring the network to the images instead of the images to the network. */
function AdaptInput({ change, checked, onChange }: AdaptInputProps) {
  const t = useText('training')
  const pick = usePick()
  const [height, width] = inputTransformOf(change.document)?.shape.slice(1) ?? []
  const label = t('adapt.label', { size: shape([height ?? 0, width ?? 0]) })
  return (
    <div className="adapt">
      <Switch label={label} checked={checked} onChange={onChange} />
      <div>
        <span>{label}</span>
        <p className="t2 xs">{checked ? change.messages.map(pick).join(' ') : t('adapt.help')}</p>
      </div>
    </div>
  )
}

/** What to begin with: what was asked already, where that run is still there, else new weights. */
function useStart({ config: { from } }: TrainRequest) {
  const known = useStore((s) => s.run.list.some((run) => run.runId === from?.run && run.hasWeights))
  return useState<Start>(() => (from && known ? { from, ready: true } : newWeights))
}

interface Problem {
  readonly layer?: string
  readonly message: Text
  readonly fix?: Text
}

/** What keeps the network from being trained on this data. */
function useProblems(document: NetworkDocument, data: Description | null): readonly Problem[] {
  return useMemo(() => {
    const found: Problem[] = analyze(document).issues.filter((issue) => issue.severity === 'error')
    const input = inputTransformOf(document)
    const [wants, has] = [input?.shape[0], data?.shape[0]]
    // gray is copied to every channel, and colour becomes brightness
    const converts = has === 1 || (has === 3 && wants === 1)
    if (wants !== undefined && has !== undefined && wants !== has && !converts) {
      found.push({
        message: text(
          `The network takes images of ${wants} channel${wants === 1 ? '' : 's'}; these have ${has}.`,
          `이 네트워크는 채널이 ${wants}개인 이미지를 받지만, 이 데이터는 ${has}개입니다.`,
        ),
        fix: text(
          `Set the first number of the input layer's shape to ${has}, or choose other data.`,
          `입력 레이어 형태의 첫 숫자를 ${has}(으)로 바꾸거나 다른 데이터를 선택해 주세요.`,
        ),
      })
    }
    return found
  }, [document, data])
}

function Problems({ document, problems }: { document: NetworkDocument; problems: readonly Problem[] }) {
  const t = useText('training')
  const pick = usePick()
  const closeRequest = useStore((s) => s.run.closeRequest)
  const first = problems[0]
  const edit = () => {
    closeRequest()
    editNetwork(document, first?.layer)
  }
  return (
    <div className="failure" role="alert">
      <span className="failure-icon">
        <Icon name="error" />
      </span>
      <div className="grow">
        <b>{t('dialog.problems', { count: problems.length })}</b>
        <ul>
          {problems.slice(0, 3).map((problem) => (
            <li key={problem.message.en}>
              {nameUnless(pick(problem.message), document, problem.layer)}
              {pick(problem.message)} {problem.fix && <span className="t2">{pick(problem.fix)}</span>}
            </li>
          ))}
        </ul>
      </div>
      <Button size="sm" icon="edit" onClick={edit}>
        {t('failure.edit')}
      </Button>
    </div>
  )
}

/** The layer's name to put before a sentence about it, unless the sentence says it. */
function nameUnless(sentence: string, document: NetworkDocument, layer: string | undefined): string {
  const name = document.layers.find((l) => l.id === layer)?.name
  return name === undefined || sentence.includes(name) ? '' : `${name}: `
}

/** What is done to data and network so that they fit; nothing is changed silently. */
function Changes({ document, data }: { document: NetworkDocument; data: Description }) {
  const t = useText('training')
  const pick = usePick()
  const input = inputTransformOf(document)
  const head = adaptHead(document, data.classes.length).change
  const [from, to] = [data.shape.slice(1), input?.shape.slice(1) ?? []]
  const fits = from.every((size, i) => size === to[i])
  if ((fits || !input) && !head) return null
  return (
    <ul className="changes">
      {!fits && input && (
        <li>
          <Icon name="arrow" size={14} />
          {t(`changes.${input.fit}`, { from: shape(from), to: shape(to) })}
        </li>
      )}
      {head && (
        <li>
          <Icon name="arrow" size={14} />
          {pick(head.message)}
        </li>
      )}
    </ul>
  )
}
