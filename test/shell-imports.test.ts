import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

/** Who may import whom is told by biome.json. Each line here is a file that breaks, or keeps, one of its rules. */
const refused: [file: string, code: string][] = [
  ['core/network/a.ts', "import { layer } from '../layers/index.ts'"],
  ['core/network/b.ts', "import { contract } from '../protocol/contract.ts'"],
  ['core/protocol/a.ts', "import { layer } from '../layers/index.ts'"],
  ['core/layers/a.ts', "import { analyze } from '../analysis/analyze.ts'"],
  ['core/layers/deep/b.ts', "import { program } from '../../engine/program.ts'"],
  ['core/analysis/a.ts', "import { program } from '../engine/program.ts'"],
  ['core/commands/a.ts', "import { train } from '../training/train.ts'"],
  ['core/formats/a.ts', "import { program } from '../engine/program.ts'"],
  ['core/data/a.ts', "import { layer } from '../layers/index.ts'"],
  ['core/data/b.ts', "import { contract } from '../protocol/contract.ts'"],
  ['core/engine/a.ts', "import { train } from '../training/train.ts'"],
  ['core/engine/b.ts', "import { dataset } from '../data/dataset.ts'"],
  ['core/engine/c.ts', "import * as onnx from 'onnxruntime-node'"],
  ['core/engine/d.ts', "export const load = () => import('onnxruntime-node')"],
  ['core/training/a.ts', "import { preset } from '../../presets/index.ts'"],
  ['core/training/b.ts', "import { readFile } from 'node:fs/promises'"],
  ['core/training/c.ts', "import { readFile } from 'fs'"],
  ['core/training/d.ts', "import * as onnx from 'onnxruntime-node'"],
  ['core/training/e.ts', "import { useState } from 'react'"],
  ['core/formats/b.ts', "import { helper } from '../../test/helper.ts'"],
  ['core/layers/c.ts', "import { app } from 'electron'"],
  ['presets/a.ts', "import { program } from '../core/engine/program.ts'"],
  ['presets/b.ts', "import { Canvas } from '../renderer/canvas/Canvas.tsx'"],
  ['renderer/canvas/a.ts', "import { program } from '../../core/engine/program.ts'"],
  ['renderer/canvas/b.ts', "import { train } from '../../core/training/train.ts'"],
  ['renderer/canvas/c.ts', "import { Runs } from '../../electron/host/runs.ts'"],
  ['renderer/host/a.ts', "import { ipcRenderer } from 'electron'"],
  ['renderer/host/b.ts', "import { join } from 'node:path'"],
  ['renderer/host/c.ts', "import { helper } from '../../test/helper.ts'"],
  ['electron/main/a.ts', "import { layer } from '../../core/layers/index.ts'"],
  ['electron/main/b.ts', "import { job } from '../trainer/protocol.ts'"],
  ['electron/main/c.ts', "import * as onnx from 'onnxruntime-node'"],
  ['electron/main/d.ts', "import { App } from '../../renderer/app/App.tsx'"],
  ['electron/preload/a.ts', "import { join } from 'node:path'"],
  ['electron/preload/b.ts', "import { Runs } from '../host/runs.ts'"],
  ['electron/host/a.ts', "import { ipcMain } from 'electron'"],
  ['electron/trainer/a.ts', "import { utilityProcess } from 'electron/main'"],
  ['electron/trainer/b.ts', "import { Training } from '../../renderer/training/Training.tsx'"],
  ['electron/cli/a.ts', "import { window } from '../main/window.ts'"],
  ['electron/loopback/a.ts', "import { helper } from '../../test/helper.ts'"],
]

const allowed: [file: string, code: string][] = [
  ['core/protocol/ok.ts', "import { network } from '../network/schema.ts'"],
  ['core/engine/ok.ts', "import type * as Onnx from 'onnxruntime-node'\nexport type Tensor = Onnx.Tensor"],
  ['core/training/ok.ts', "import { program } from '../engine/program.ts'"],
  ['core/data/ok.ts', "import { readNpz } from '../formats/npz.ts'"],
  ['core/network/ok.test.ts', "import { readFile } from 'node:fs/promises'"],
  ['presets/ok.ts', "import { conv2d } from '../core/layers/conv2d.ts'"],
  ['renderer/app/ok.ts', "import { Training } from '../training/Training.tsx'"],
  ['renderer/app/ok2.ts', "import { analyze } from '../../core/analysis/analyze.ts'"],
  ['electron/main/ok.ts', "import { ipcMain } from 'electron'"],
  ['electron/cli/ok.ts', "import { serve } from '../loopback/index.ts'"],
  ['electron/trainer/ok.ts', "import * as onnx from 'onnxruntime-node'"],
]

const root = join(import.meta.dirname, '..')
const biome = join(
  dirname(createRequire(import.meta.url).resolve('@biomejs/biome/package.json')),
  'bin/biome',
)
let dir = ''
/** The refusals of each file: rule and message. */
const refusals = new Map<string, string[]>()

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'layerloom-imports-'))
  const config = JSON.parse(readFileSync(join(root, 'biome.json'), 'utf8'))
  writeFileSync(join(dir, 'biome.json'), JSON.stringify({ ...config, vcs: { enabled: false } }))
  cpSync(join(root, 'scripts/native-types-only.grit'), join(dir, 'scripts/native-types-only.grit'))
  for (const [file, code] of [...refused, ...allowed]) {
    const names = [...code.matchAll(/import (?:type )?(?:\{ (\w+) \}|\* as (\w+)) from/g)].map(
      (m) => m[1] ?? m[2],
    )
    mkdirSync(dirname(join(dir, file)), { recursive: true })
    // used, so that no rule but the one under test has a say
    const use = code.includes('export') ? '' : `export default [${names.join(', ')}]\n`
    writeFileSync(join(dir, file), `${code}\n${use}`)
  }
  const args = [biome, 'lint', '--reporter=json', '--max-diagnostics=1000', '.']
  const ran = spawnSync(process.execPath, args, { cwd: dir, encoding: 'utf8' })
  for (const { category, message, location, severity } of JSON.parse(ran.stdout).diagnostics) {
    if (severity !== 'error') continue
    const file = typeof location.path === 'string' ? location.path : location.path.file
    refusals.set(file, [...(refusals.get(file) ?? []), `${category}: ${JSON.stringify(message)}`])
  }
})
afterAll(() => rmSync(dir, { recursive: true, force: true }))

describe('an import across the rooms', () => {
  it.each(refused)('is an error: %s: %s', (file) => {
    expect(refusals.get(file)?.join()).toMatch(/noRestrictedImports|useNodejsImportProtocol|plugin/)
  })

  it.each(allowed)('is allowed: %s: %s', (file) => {
    expect(refusals.get(file)).toBeUndefined()
  })

  it('is refused with a sentence that says what to do', () => {
    expect(refusals.get('renderer/canvas/a.ts')?.join()).toContain('ask the host through the contract')
  })
})
