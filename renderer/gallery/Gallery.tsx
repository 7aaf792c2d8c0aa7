import { useCallback, useDeferredValue, useEffect, useMemo, useRef, useState } from 'react'
import { presets } from '../../presets/index.ts'
import { Mark } from '../app/Brand.tsx'
import { newFile, openFile } from '../app/files.ts'
import { useText } from '../i18n/index.ts'
import { Button, IconButton } from '../kit/Button.tsx'
import { Segmented, Select } from '../kit/Choice.tsx'
import { Empty } from '../kit/Empty.tsx'
import { SearchField } from '../kit/Field.tsx'
import { Keys } from '../kit/Keys.tsx'
import { useStore } from '../state/store.ts'
import { CompareDialog } from './CompareDialog.tsx'
import { CompareTray } from './CompareTray.tsx'
import { MOST, toggled } from './compare.ts'
import { FamilyTree } from './FamilyTree.tsx'
import { keep, kept } from './kept.ts'
import { kin } from './lineage.ts'
import { ModelCard } from './ModelCard.tsx'
import { RecentFiles } from './RecentFiles.tsx'
import { RecentRuns } from './RecentRuns.tsx'
import { followRecent } from './recent.ts'
import { ScreenBar } from './ScreenBar.tsx'
import { findGroups, type Order, type SizeFilter, type TaskFilter } from './search.ts'
import './gallery.css'

const orders: readonly Order[] = ['year', 'parameters', 'macs']
const sizes: readonly SizeFilter[] = ['any', 'tiny', 'small', 'large', 'huge']
const tasks: readonly TaskFilter[] = ['all', 'imagenet', 'cifar', 'digits', 'other']

/** The first screen: the documented models, and the ways to a network of one's own. */
export function Gallery() {
  const t = useText('gallery')
  const [query, setQuery] = useState('')
  const [order, setOrder] = useState<Order>('year')
  const search = useRef<HTMLDivElement>(null)
  const connect = useStore((s) => s.run.connect)
  const [task, setTask] = useState<TaskFilter>('all')
  const asked = useDeferredValue(query)
  const [size, setSize] = useState<SizeFilter>('any')
  const [tree, setTree] = useState(kept.tree)
  const [chosen, setChosen] = useState<string | null>(null)
  const [comparing, setComparing] = useState(kept.comparing)
  const [sideBySide, setSideBySide] = useState(false)
  const shown = useMemo(() => findGroups(presets, asked, task, order, size), [asked, task, order, size])
  const families = useMemo(() => new Set(shown.map((group) => group.family.id)), [shown])
  const chosenFamilies = kin.find((one) => one.id === chosen)?.families ?? []
  const models = shown.reduce((sum, group) => sum + group.members.length, 0)

  useEffect(connect, [connect])
  useEffect(() => followRecent(useStore), [])
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const find = (event.ctrlKey || event.metaKey) && event.code === 'KeyF' && !event.isComposing
      if (!find) return
      event.preventDefault()
      search.current?.querySelector('input')?.focus()
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [])

  useEffect(() => keep({ comparing, tree }), [comparing, tree])
  useEffect(() => {
    const [family] = kin.find((one) => one.id === chosen)?.families ?? []
    // what the filters hid is there only now
    document.getElementById(`card-${family}`)?.scrollIntoView({ block: 'start', behavior: 'smooth' })
  }, [chosen])
  const compare = useCallback((id: string) => setComparing((ids) => toggled(ids, id)), [])

  const showAll = () => {
    setQuery('')
    setTask('all')
    setSize('any')
  }
  const choose = (id: string) => {
    const wanted = kin.find((one) => one.id === id)!.families
    if (!wanted.some((family) => families.has(family))) showAll()
    setChosen(id === chosen ? null : id)
  }
  return (
    <div className="gallery">
      <ScreenBar>
        <span className="gallery-brand">
          <Mark />
          Layerloom
        </span>
        <div ref={search} className="gallery-search">
          <SearchField
            label={t('search.label')}
            placeholder={t('search.placeholder')}
            unit={<Keys keys="Ctrl+F" />}
            value={query}
            onChange={setQuery}
          />
        </div>
      </ScreenBar>
      <Sidebar />
      <main className="gallery-main">
        <header>
          <h1>{t('title')}</h1>
          <span className="t2">{t('count', { count: models })}</span>
          <span className="grow" />
          <Segmented
            label={t('task.label')}
            value={task}
            options={tasks.map((value) => ({ value, label: t(`task.${value}`) }))}
            onChange={(value: TaskFilter) => setTask(value)}
          />
          <div className="gallery-select">
            <Select
              label={t('size.label')}
              value={size}
              options={sizes.map((value) => ({ value, label: t(`size.${value}`) }))}
              onChange={(value) => setSize(value)}
            />
          </div>
          <div className="gallery-select">
            <Select
              label={t('order.label')}
              value={order}
              options={orders.map((value) => ({ value, label: t(`order.${value}`) }))}
              onChange={(value) => setOrder(value)}
            />
          </div>
          <IconButton icon="tree" label={t('tree.label')} pressed={tree} onClick={() => setTree(!tree)} />
        </header>
        {tree && <FamilyTree shown={families} chosen={chosen} onChoose={choose} />}
        <div className="scroll gallery-cards">
          {shown.length > 0 ? (
            <ul className="cards" aria-label={t('title')}>
              {shown.map((group) => (
                <ModelCard
                  key={group.family.id}
                  group={group}
                  chosen={chosenFamilies.includes(group.family.id)}
                  comparing={comparing}
                  full={comparing.length >= MOST}
                  onCompare={compare}
                />
              ))}
            </ul>
          ) : (
            <Empty
              icon="search"
              title={t('nothing.title', { query })}
              actions={<Button onClick={showAll}>{t('nothing.clear')}</Button>}
            >
              {t('nothing.text')}
            </Empty>
          )}
        </div>
        {comparing.length > 0 && (
          <CompareTray
            ids={comparing}
            onRemove={compare}
            onClear={() => setComparing([])}
            onOpen={() => setSideBySide(true)}
          />
        )}
        {sideBySide && <CompareDialog ids={comparing} onClose={() => setSideBySide(false)} />}
      </main>
    </div>
  )
}

function Sidebar() {
  const t = useText('gallery')
  return (
    <aside className="panel gallery-side" aria-label={t('side.label')}>
      <div className="gallery-ways">
        <Button size="lg" icon="plus" onClick={newFile}>
          {t('side.new')}
        </Button>
        <Button size="lg" icon="folder" onClick={() => void openFile()}>
          {t('side.open')}
        </Button>
        <p className="t3 xs">{t('side.drop')}</p>
      </div>
      <div className="scroll">
        <RecentFiles />
        <RecentRuns />
      </div>
    </aside>
  )
}
