import type { ReactNode } from 'react'
import { useText } from '../i18n/index.ts'
import { IconButton } from '../kit/Button.tsx'
import { useStore } from '../state/store.ts'

/** The mark: threads that cross, one of them in the accent. */
export function Mark() {
  return (
    <svg
      width="20"
      height="20"
      viewBox="0 0 20 20"
      fill="none"
      strokeWidth="2"
      strokeLinecap="round"
      aria-hidden="true"
    >
      <path d="M3 5h4M11.5 5H17M3 10h4M13 10h4M3 15h4M11.5 15H17" stroke="var(--cat-conv)" />
      <path d="M8 3v8.5M8 15.5V17M12 3v4M12 8.8V17" stroke="var(--accent-line)" />
    </svg>
  )
}

/** The bar over the gallery and the training screen: what the screen puts in it, then language and theme. */
export function ScreenBar({ children, actions }: { children: ReactNode; actions?: ReactNode }) {
  const t = useText('gallery')
  const { theme, language, setTheme, setLanguage } = useStore((s) => s.ui)
  return (
    <header className="bar screen-bar">
      {children}
      <span className="grow" />
      <IconButton
        icon="globe"
        label={t('bar.language')}
        onClick={() => setLanguage(language === 'ko' ? 'en' : 'ko')}
      />
      <IconButton
        icon={theme === 'dark' ? 'sun' : 'moon'}
        label={t(theme === 'dark' ? 'bar.light' : 'bar.dark')}
        onClick={() => setTheme(theme === 'dark' ? 'light' : 'dark')}
      />
      {actions}
    </header>
  )
}
