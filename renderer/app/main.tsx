import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { startTranslation } from '../i18n/index.ts'
import { useStore } from '../state/store.ts'
import { App } from './App.tsx'
import './tokens.css'
import './base.css'
import '../kit/kit.css'

// the libraries that add style elements look for the page's nonce under this name (get-nonce)
Reflect.set(
  window,
  '__webpack_nonce__',
  document.querySelector<HTMLElement>('meta[property="csp-nonce"]')?.nonce,
)

await startTranslation(useStore.getState().ui.language)
createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <App />
  </StrictMode>,
)
