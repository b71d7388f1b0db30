// Reads the policy folder: keys/*.yaml say what is meant, national/ and one folder a place hold the values.
import * as fs from 'node:fs'
import * as path from 'node:path'
import {
  type Entry,
  type Finding,
  NATION,
  type Place,
  type PolicyFolder,
  type PolicyKey,
  type PolicyUnit,
  units,
} from './model.ts'
import { readEntry } from './value.ts'
import { readYaml, type Tree, textOf } from './yaml.ts'

/** Text of each file by its path in the folder, with forward slashes. */
export type PolicyFiles = Readonly<Record<string, string>>

/** The law this project ships. */
export const shippedPolicy = path.resolve(import.meta.dirname, '../../../policy')

export function policyFiles(folder: string): PolicyFiles {
  const names = fs.readdirSync(folder, { recursive: true, encoding: 'utf8' })
  const yaml = names.map((name) => name.split(path.sep).join('/')).filter((name) => name.endsWith('.yaml'))
  return Object.fromEntries(yaml.sort().map((name) => [name, fs.readFileSync(path.join(folder, name), 'utf8')]))
}

type Report = (finding: Finding) => void

function readKey(key: string, tree: Tree, file: string, report: Report): PolicyKey | undefined {
  const complain = (why: string, todo: string) => report({ severity: 'error', file, line: tree.line, key, why, todo })
  if (tree.kind !== 'map') return void complain('is no declaration', 'declare zh, en, unit or words, and rule')
  const text = (name: string) => textOf(tree.fields.get(name))
  const list = tree.fields.get('words')
  const unit = list ? 'WORD' : text('unit')
  if (!units.includes(unit as PolicyUnit))
    return void complain(`unit ${unit ?? 'is missing'}`, `use ${units.join(', ')}`)
  const [zh, en, rule, rows, neededBy] = [text('zh'), text('en'), text('rule'), text('rows'), text('neededBy')]
  if (!zh || !en || !rule) return void complain('zh, en or rule is missing', 'name it in both languages and its rule')
  const chosen = list?.kind === 'list' ? list.items.map((item) => textOf(item) ?? '') : undefined
  const words = unit === 'FLAG' ? ['true', 'false'] : chosen
  const base = { file, line: tree.line, key, zh, en, rule, unit: unit as PolicyUnit }
  const needed = neededBy === undefined ? {} : { neededBy }
  if (words) return { ...base, shape: 'word', words, ...needed }
  return rows === undefined ? { ...base, shape: 'value', ...needed } : { ...base, shape: 'table', rows, ...needed }
}

function readPlace(tree: Tree, file: string, folder: string, report: Report): Place | undefined {
  const text = (name: string) => (tree.kind === 'map' ? textOf(tree.fields.get(name)) : undefined)
  const complain = (why: string, todo: string) => report({ severity: 'error', file, line: tree.line, why, todo })
  const [code, zh, en, kind] = [text('code'), text('zh'), text('en'), text('kind')]
  const [parent, poolingRegion] = [text('parent'), text('poolingRegion')]
  if (!code || !/^\d{6}$/.test(code) || !zh || !en)
    return void complain('code, zh or en is missing', 'see docs/policy.md')
  if (folder !== (code === NATION ? 'national' : code)) complain(`code ${code} is not its folder`, 'rename one of them')
  if (kind !== 'nation' && kind !== 'province' && kind !== 'city')
    return void complain(`kind ${kind ?? 'is missing'}`, 'use nation, province or city')
  if (!parent && kind !== 'nation') complain('parent is missing', 'name the place above it')
  const above = parent === undefined ? {} : { parent }
  return {
    file,
    line: tree.line,
    code,
    zh,
    en,
    kind,
    ...above,
    ...(poolingRegion === undefined ? {} : { poolingRegion }),
  }
}

const byPeriod = (a: Entry, b: Entry) =>
  a.from < b.from ? -1 : a.from > b.from ? 1 : (a.published ?? '') < (b.published ?? '') ? -1 : 1

/** Reads files given as text; nothing is thrown, all that is wrong stands in `findings`. */
export function parsePolicy(files: PolicyFiles): PolicyFolder {
  const findings: Finding[] = []
  const report: Report = (finding) => findings.push(finding)
  const keys = new Map<string, PolicyKey>()
  const places = new Map<string, Place>()
  const entries = new Map<string, Map<string, Entry[]>>()
  const trees = Object.entries(files).map(([file, text]) => ({ file, tree: readYaml(file, text, report) }))
  const lists = (tree: Tree) => (tree.kind === 'map' ? tree.fields : new Map<string, Tree>())

  for (const { file, tree } of trees) {
    if (file.startsWith('keys/'))
      for (const [key, declaration] of lists(tree)) {
        const read = readKey(key, declaration, file, report)
        const twice = keys.get(key)
        const todo = 'declare it once'
        if (twice) report({ severity: 'error', file, line: declaration.line, key, why: `also in ${twice.file}`, todo })
        if (read) keys.set(key, read)
      }
    if (file.endsWith('/place.yaml')) {
      const place = readPlace(tree, file, file.split('/')[0] ?? '', report)
      if (place) places.set(place.code, place)
    }
  }
  for (const { file, tree } of trees) {
    if (file.startsWith('keys/') || file.endsWith('/place.yaml')) continue
    const folder = file.split('/')[0] ?? ''
    const place = folder === 'national' ? NATION : folder
    if (!places.has(place))
      report({
        severity: 'error',
        file,
        line: 1,
        why: `place ${place} is unknown`,
        todo: 'add place.yaml to its folder',
      })
    for (const [key, list] of lists(tree)) {
      const declared = keys.get(key)
      const complain = (why: string, todo: string, line = list.line) =>
        report({ severity: 'error', file, line, key, why, todo })
      if (!declared) complain('the key is not declared', 'declare it in keys/, or mend the spelling')
      else if (list.kind !== 'list') complain('is no list of values', 'write - { from, value, source, mark }')
      else addEntries(declared, list.items, place, file, complain)
    }
  }
  return { keys, places, entries, findings }

  function addEntries(
    key: PolicyKey,
    items: readonly Tree[],
    place: string,
    file: string,
    complain: (why: string, todo: string, line?: number) => void,
  ) {
    const read = items.map((item) =>
      readEntry(item, key, place, file, (why, todo, line = item.line) => complain(why, todo, line)),
    )
    const good = read.filter((entry) => entry !== undefined)
    if (good.some((entry, i) => i > 0 && byPeriod(good[i - 1] as Entry, entry) > 0))
      complain('values are not in order', 'sort them by from, then by published')
    const ofKey = entries.get(key.key) ?? new Map<string, Entry[]>()
    entries.set(key.key, ofKey.set(place, [...(ofKey.get(place) ?? []), ...good].sort(byPeriod)))
  }
}
