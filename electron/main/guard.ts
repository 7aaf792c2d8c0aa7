import { app, type IpcMainEvent, type IpcMainInvokeEvent, type Session } from 'electron'

/** Where the app's own page lives; everything else is a stranger. */
export const pageOrigin = 'app://bundle'
const isOwn = (url: string): boolean => url.startsWith(`${pageOrigin}/`)

/** True for a message of the app's own page, in its main frame: frames inside it have no business with the host. */
export function isTrusted({ senderFrame }: IpcMainEvent | IpcMainInvokeEvent): boolean {
  return senderFrame !== null && senderFrame.parent === null && isOwn(senderFrame.url)
}

/** Keeps every window on the app's own page: no navigation, no new windows, no embedded views. */
export function guardContents(): void {
  app.on('web-contents-created', (_, contents) => {
    contents.on('will-navigate', (event) => event.preventDefault())
    contents.on('will-frame-navigate', (event) => event.preventDefault())
    contents.on('will-redirect', (event) => event.preventDefault())
    contents.on('will-attach-webview', (event) => event.preventDefault())
    contents.setWindowOpenHandler(() => ({ action: 'deny' }))
  })
}

/** Refuses permissions (camera, location, notifications, ...) and requests that would leave the machine. */
export function guardSession(session: Session): void {
  const allowed = (permission: string, url: string) =>
    permission === 'clipboard-sanitized-write' && isOwn(`${url.replace(/\/$/, '')}/`)
  session.setPermissionRequestHandler((_, permission, decide, { requestingUrl }) =>
    decide(allowed(permission, requestingUrl)),
  )
  session.setPermissionCheckHandler((_, permission, origin) => allowed(permission, origin))
  session.webRequest.onBeforeRequest(({ url }, decide) => {
    decide({ cancel: !isOwn(url) && !/^(devtools|blob|data):/.test(url) })
  })
}
