import { describe, expect, it, vi } from 'vitest'
import { splitKeys } from '../kit/Keys.tsx'
import { type Binding, composing, keysFrom, listenForKeys, toBinding } from './keys.ts'

/** A window that only knows what listening for keys needs. */
function stand(focus = '') {
  // `focus` says which elements the key was pressed in
  const target = Object.assign(new EventTarget(), {
    closest: (selector: string) => (focus !== '' && selector.includes(focus) ? {} : null),
  })
  const press = (code: string, fields: Partial<Record<string, unknown>> = {}) => {
    const held = new Set((fields.held as string[] | undefined) ?? [])
    const event = Object.assign(new Event('keydown', { cancelable: true }), {
      code,
      key: fields.key ?? code.replace(/^Key/, '').toLowerCase(),
      keyCode: 0,
      isComposing: false,
      repeat: false,
      getModifierState: (name: string) => held.has(name),
      ...fields,
    })
    target.dispatchEvent(event)
    return event
  }
  return { target: target as unknown as Window, press }
}
const listening = (bindings: readonly Binding[], focus = '') => {
  const { target, press } = stand(focus)
  return { press, stop: listenForKeys(target, bindings) }
}
const control = { held: ['Control'] }

describe('key combinations', () => {
  it('are matched by the place of the key', () => {
    expect(toBinding('Ctrl+Shift+Z')).toBe('$mod+Shift+KeyZ')
    expect(toBinding('Alt+S, U')).toBe('Alt+KeyS KeyU')
    expect(toBinding('Ctrl++')).toBe('$mod+Equal')
    expect(toBinding('Shift+?')).toBe('Shift+Slash')
    expect(toBinding('Home')).toBe('Home')
    expect(splitKeys('Ctrl++')).toEqual(['Ctrl', '+'])
  })

  it('fire on a Korean layout, where the Z key gives ㅋ', () => {
    const run = vi.fn(() => true)
    const { press } = listening([{ keys: 'Ctrl+Z', run }])
    const event = press('KeyZ', { key: 'ㅋ', ...control })
    expect(run).toHaveBeenCalledOnce()
    expect(event.defaultPrevented).toBe(true)
  })

  it('do not fire while an input method composes, by either sign', () => {
    const run = vi.fn(() => true)
    const { press } = listening([{ keys: 'W', run, inFields: true }])
    press('KeyW', { isComposing: true })
    press('KeyW', { keyCode: 229, key: 'Process' })
    expect(run).not.toHaveBeenCalled()
    expect(composing({ isComposing: false, keyCode: 229 })).toBe(true)
    press('KeyW')
    expect(run).toHaveBeenCalledOnce()
  })

  it('leave fields their typing, unless they say otherwise, and menus and dialogs all their keys', () => {
    const plain = vi.fn(() => true)
    const save = vi.fn(() => true)
    const bindings = [
      { keys: 'W', run: plain },
      { keys: 'Ctrl+S', run: save, inFields: true },
    ]
    const field = listening(bindings, 'input')
    field.press('KeyW')
    field.press('KeyS', control)
    expect(plain).not.toHaveBeenCalled()
    expect(save).toHaveBeenCalledOnce()
    const menu = listening(bindings, '[role="menu"]')
    menu.press('KeyW')
    menu.press('KeyS', control)
    expect(plain).not.toHaveBeenCalled()
    expect(save).toHaveBeenCalledOnce()
  })

  it('need exactly their modifiers', () => {
    const run = vi.fn(() => true)
    const { press } = listening([{ keys: 'Ctrl+D', run }])
    press('KeyD')
    press('KeyD', { held: ['Control', 'Shift'] })
    expect(run).not.toHaveBeenCalled()
    press('KeyD', control)
    expect(run).toHaveBeenCalledOnce()
  })

  it('come in sequences', () => {
    const run = vi.fn(() => true)
    const { press } = listening([{ keys: 'Alt+S, U', run }])
    press('KeyU')
    press('KeyS', { held: ['Alt'] })
    press('KeyU')
    expect(run).toHaveBeenCalledOnce()
  })

  it('come in sequences that begin alike, right after one another', () => {
    const [up, down] = [vi.fn(() => true), vi.fn(() => true)]
    const { press } = listening([
      { keys: 'Alt+S, U', run: up },
      { keys: 'Alt+S, D', run: down },
    ])
    for (const last of ['KeyU', 'KeyD']) {
      press('KeyS', { held: ['Alt'] })
      press(last)
    }
    expect([up.mock.calls.length, down.mock.calls.length]).toEqual([1, 1])
  })

  it('are read from what a person presses, whatever the layout makes of the key', () => {
    const none = { key: '', ctrlKey: false, metaKey: false, altKey: false, shiftKey: false }
    expect(keysFrom({ ...none, key: 'ㅋ', code: 'KeyZ', ctrlKey: true, shiftKey: true })).toBe('Ctrl+Shift+Z')
    expect(keysFrom({ ...none, key: '?', code: 'Slash', shiftKey: true })).toBe('Shift+/')
    expect(keysFrom({ ...none, key: 'F2', code: 'F2', altKey: true })).toBe('Alt+F2')
    expect(keysFrom({ ...none, key: 'Control', code: 'ControlLeft', ctrlKey: true })).toBeNull()
  })

  it('leave the key to the browser when the action did nothing, and when no longer listened for', () => {
    const run = vi.fn(() => false)
    const { press, stop } = listening([{ keys: 'Delete', run }])
    expect(press('Delete', { key: 'Delete' }).defaultPrevented).toBe(false)
    stop()
    press('Delete', { key: 'Delete' })
    expect(run).toHaveBeenCalledOnce()
  })
})
