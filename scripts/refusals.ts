// Makes docs/refusals.md: every reason for which a service refuses, from the services' own tables. `--check` only says
// whether the page is as it should be.
import * as fs from 'node:fs'
import * as path from 'node:path'
import type { Refusal } from '@jinbao/core'
import { root } from './workspaces.ts'

type Table = Readonly<Record<string, Refusal>>

/** By service, in the order of their names. */
export async function refusalTables(top: string): Promise<ReadonlyMap<string, Table>> {
  const files = fs.globSync('services/*/src/domain/refusals.ts', { cwd: top }).sort()
  const tables = new Map<string, Table>()
  for (const file of files) {
    const { refusals } = (await import(path.join(top, file))) as { refusals?: Table }
    if (!refusals) throw new Error(`${file} exports no "refusals"`)
    tables.set(file.split('/')[1] ?? '', refusals)
  }
  return tables
}

const cell = (text: string) => text.replaceAll('|', '\\|')

function section(service: string, table: Table): string[] {
  const rows = Object.entries(table).sort(([a], [b]) => (a < b ? -1 : 1))
  return [
    ...['', `## ${service}`, ''],
    '| reason | code | what it says | 中文 | rule | source |',
    '| --- | --- | --- | --- | --- | --- |',
    ...rows.map(([reason, { code = 'FAILED_PRECONDITION', en, zh, rule, source }]) =>
      [`| \`${reason}\``, code, ...[en, zh, rule, source].map(cell)].join(' | ').concat(' |'),
    ),
  ]
}

export function refusalsPage(tables: ReadonlyMap<string, Table>): string {
  const head = [
    '# Refusals',
    '',
    'Made by `npm run refusals`; do not edit. The type of the problem a caller gets is `/problems/<service>/<reason>`,',
    'and a running region explains each under that path. `{…}` stands for a value of the case at hand.',
  ]
  return [...head, ...[...tables].flatMap(([service, table]) => section(service, table)), ''].join('\n')
}

if (import.meta.main) {
  const page = path.join(root, 'docs/refusals.md')
  const wanted = refusalsPage(await refusalTables(root))
  const there = fs.existsSync(page) ? fs.readFileSync(page, 'utf8') : ''
  if (there !== wanted && process.argv.includes('--check')) {
    console.log('docs/refusals.md is not up to date: npm run refusals')
    process.exitCode = 1
  } else if (there !== wanted) fs.writeFileSync(page, wanted)
}
