import { readFileSync } from 'node:fs'
import { DocumentError, parseDocument } from '../../core/network/document.ts'
import type { NetworkDocument } from '../../core/network/schema.ts'
import { text } from '../../core/network/text.ts'
import { OptionError, type Preset, parseOptions, presetOf, presets } from '../../presets/index.ts'
import { UsageError } from './usage-error.ts'

/**
 * The network that NET names: a preset's id or a `.layerloom` file. Settings (`--set`) are those of the preset.
 * Throws a UsageError when there is no such preset, file or setting, a DocumentError that begins with the file's name
 * when the file is no network.
 */
export function loadNetwork(
  net: string,
  settings: readonly (readonly [string, string])[] = [],
): NetworkDocument {
  const preset = presetOf(net)
  if (preset) return withSettings(preset, settings)
  if (settings.length > 0)
    throw new UsageError(`${net} is no preset, so it has no settings: leave out --set, or give a preset's id`)
  let source: string
  try {
    source = readFileSync(net, 'utf8')
  } catch (error) {
    throw new UsageError(missing(net, (error as NodeJS.ErrnoException).code))
  }
  try {
    return parseDocument(source)
  } catch (error) {
    if (!(error instanceof DocumentError)) throw error
    const { en, ko } = error.text
    throw new DocumentError(error.code, text(`${net}: ${en}`, `${net}: ${ko}`))
  }
}

function withSettings(preset: Preset, settings: readonly (readonly [string, string])[]): NetworkDocument {
  try {
    return preset.build(parseOptions(preset, settings))
  } catch (error) {
    if (!(error instanceof OptionError)) throw error
    throw new UsageError(error.message)
  }
}

function missing(net: string, code: string | undefined): string {
  if (code === 'EISDIR') return `${net} is a folder: give a preset's id or a .layerloom file`
  if (code !== 'ENOENT') return `can't read ${net} (${code}): give a preset's id or a .layerloom file`
  const ids = presets.map((preset) => preset.id).join(', ')
  return `there is no preset and no file named ${net}: give a .layerloom file or one of ${ids}`
}
