import type { ReactNode } from 'react'
import { LanguageMenu, ThemeButton } from '../app/EditorBar.tsx'

/** The bar over the gallery and the training screen: what the screen puts in it, then language and theme. */
export function ScreenBar({ children, actions }: { children: ReactNode; actions?: ReactNode }) {
  return (
    <header className="bar screen-bar">
      {children}
      <span className="grow" />
      <LanguageMenu />
      <ThemeButton />
      {actions}
    </header>
  )
}
