// Which rules of docs/law/rules.yaml are in the code and which are proven by a test, counted by their ids.
import * as fs from 'node:fs'
import * as path from 'node:path'
import { parse } from 'yaml'

export const scopes = ['foundation', 'lines', 'later'] as const
export type Scope = (typeof scopes)[number]

export interface Rule {
  readonly id: string
  readonly scope: Scope
  readonly en: string
  readonly zh: string
  readonly source: string
  readonly mark: string
}

export interface Covered extends Rule {
  /** Files that name the rule where they follow it: code, refusals, policy keys. */
  readonly code: readonly string[]
  /** Files with a test or a case of that name. */
  readonly tests: readonly string[]
}

export interface Coverage {
  readonly rules: readonly Covered[]
  /** Ids in code or tests that the catalogue does not have, with one file. */
  readonly unknown: ReadonlyMap<string, string>
}

const idPattern =
  /(?<![\w§.-])(?:(?:C|P|F|I|D|T|U|G|S|ID|RG|PS|DC|MED|UI|WI|MA|FS)-\d+|EX-\d+|E\d{1,2}|[PO]§\d+(?:\.\d+)?)(?![\w-])|(?<![\w§.-])EX-\d+(?=[a-f]\b)/g

/** Rule ids in a text; `EX-8b` counts for EX-8, `P§2.4` not for `P§2`. */
export function idsIn(text: string): ReadonlySet<string> {
  return new Set(text.match(idPattern) ?? [])
}

/** The names of the tests in a test file, templates as written. */
export function testNames(text: string): string {
  const call =
    /\b(?:test|it|describe|suite)(?:\.\w+)?\(\s*(?:'((?:\\.|[^'\\\n])*)'|"((?:\\.|[^"\\\n])*)"|`((?:\\.|[^`\\])*)`)/g
  return [...text.matchAll(call)].map((match) => match[1] ?? match[2] ?? match[3]).join('\n')
}

export function readRules(top: string): readonly Rule[] {
  const file = path.join(top, 'docs/law/rules.yaml')
  const read = parse(fs.readFileSync(file, 'utf8')) as Record<Scope, Record<string, Omit<Rule, 'id' | 'scope'>>>
  return scopes.flatMap((scope) => Object.entries(read[scope] ?? {}).map(([id, rule]) => ({ id, scope, ...rule })))
}

const workspaces = '{packages/*,services/*,gateway,region,e2e,portal}'
const isTest = (file: string) => /\.(test\.ts|cases\.yaml)$/.test(file)
// The industries of an invented population look like ids of examples.
const isAid = (file: string) => /\.example\.ts$|\/testing(\/|\.ts$)|\/seed\//.test(file)

function files(top: string, patterns: readonly string[]): string[] {
  return fs.globSync([...patterns], { cwd: top, exclude: ['**/node_modules', '**/gen'] }).sort()
}

function places(top: string, names: readonly string[], textOf: (file: string, text: string) => string) {
  const found = new Map<string, string[]>()
  for (const file of names)
    for (const id of idsIn(textOf(file, fs.readFileSync(path.join(top, file), 'utf8'))))
      found.set(id, [...(found.get(id) ?? []), file])
  return found
}

export function coverage(top: string): Coverage {
  const all = files(top, [`${workspaces}/**/*.ts`, `${workspaces}/**/*.cases.yaml`, 'policy/keys/*.yaml'])
  const code = places(
    top,
    all.filter((file) => !isTest(file) && !isAid(file)),
    (_, text) => text,
  )
  const tests = places(top, all.filter(isTest), (file, text) => (file.endsWith('.ts') ? testNames(text) : text))
  const rules = readRules(top).map((rule) => ({
    ...rule,
    code: code.get(rule.id) ?? [],
    tests: tests.get(rule.id) ?? [],
  }))
  const known = new Set(rules.map(({ id }) => id))
  const strange = [...code, ...tests].filter(([id]) => !known.has(id)).map(([id, at]) => [id, at[0] ?? ''] as const)
  return { rules, unknown: new Map(strange) }
}

/** Rules of a scope that lack code or test. A worked example is a test by itself. */
export function lacking(rules: readonly Covered[], scope: Scope): readonly Covered[] {
  const complete = ({ id, code, tests }: Covered) => tests.length > 0 && (code.length > 0 || /^EX?-?\d/.test(id))
  return rules.filter((rule) => rule.scope === scope && !complete(rule))
}
