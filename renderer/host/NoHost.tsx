import { useText } from '../i18n/index.ts'
import { Icon } from '../kit/Icon.tsx'

/** What a person sees whose window has nothing behind it to open files or train. */
export function NoHost({ why }: { why: 'none' | 'refused' }) {
  const t = useText('host')
  return (
    <main className="no-host">
      <Icon name="link" size={28} />
      <h1>{t(`${why}.title`)}</h1>
      <p>{t(`${why}.text`)}</p>
      <pre className="selectable">npm start</pre>
      <p className="t3 sm">{t(`${why}.hint`)}</p>
    </main>
  )
}
