import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { restoreSource } from '../data/remembered.ts'
import { startTranslation } from '../i18n/index.ts'
import { useStore } from '../state/store.ts'
import { App } from './App.tsx'
import 'pretendard/dist/web/variable/pretendardvariable-dynamic-subset.css'
import './tokens.css'
import './base.css'
import '../kit/kit.css'

await Promise.all([useStore.getState().ui.restore(), restoreSource()])
await startTranslation(useStore.getState().ui.language)
createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <App />
  </StrictMode>,
)
