// The workspaces of this repository and their test files.
import * as fs from 'node:fs'
import * as path from 'node:path'

export const root = path.resolve(import.meta.dirname, '..')

export type SuiteKind = 'fast' | 'slow'

export interface Counts {
  files: number
  passed: number
  failed: number
  skipped: number
  seconds: number
  /** Moment of the run, ms since 1970: an older one comes from turbo's cache. */
  at: number
}

export interface Workspace {
  /** Relative to the root, `packages/core`. */
  readonly folder: string
  readonly name: string
  readonly scripts: Readonly<Record<string, string>>
}

export function workspaces(top = root): Workspace[] {
  const { workspaces: patterns } = JSON.parse(fs.readFileSync(path.join(top, 'package.json'), 'utf8'))
  return fs
    .globSync(patterns, { cwd: top })
    .filter((folder) => fs.existsSync(path.join(top, folder, 'package.json')))
    .sort()
    .map((folder) => {
      const { name, scripts = {} } = JSON.parse(fs.readFileSync(path.join(top, folder, 'package.json'), 'utf8'))
      return { folder, name, scripts }
    })
}

export const taskOf = (kind: SuiteKind) => (kind === 'slow' ? 'test:slow' : 'test')

export const summaryFile = (folder: string, kind: SuiteKind) => path.join(folder, `.turbo/suite-${kind}.json`)

/** Absolute paths of a workspace's test files, in the given sub-folders or all of it. */
export function testFiles(folder: string, kind: SuiteKind, within: readonly string[] = []): string[] {
  const roots = within.length > 0 ? within : ['.']
  return fs
    .globSync(
      roots.map((part) => path.posix.join(part, '**/*.test.ts')),
      { cwd: folder, exclude: ['**/node_modules', '**/gen'] },
    )
    .filter((file) => file.endsWith('.slow.test.ts') === (kind === 'slow'))
    .map((file) => path.join(folder, file))
    .sort()
}
