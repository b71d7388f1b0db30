// The import rules and habits of the house (CONTRIBUTING.md, "Who may import whom"), one function each.
import * as fs from 'node:fs'
import { isBuiltin } from 'node:module'
import * as path from 'node:path'
import { type Code, type Import, importsOf, linesWith, readCode } from './source.ts'

export interface Source {
  /** Relative to the root, with forward slashes. */
  readonly file: string
  readonly text: string
  readonly code: Code
  readonly imports: readonly Import[]
}

export interface Finding {
  readonly file: string
  readonly line: number
  readonly what: string
}

type Rule = (source: Source, top: string) => readonly { line: number; what: string }[]

export const readSource = (file: string, text: string): Source => {
  const code = /\.(ts|mjs)$/.test(file) ? readCode(text) : { withStrings: text, bare: text }
  return { file, text, code, imports: /\.(ts|mjs)$/.test(file) ? importsOf(code) : [] }
}

const isTest = (file: string) =>
  /\.(test|example)\.ts$|\.cases\.yaml$|\/(testing|contract)\.ts$|\/fixtures\//.test(file)
/** The folder that has the package.json: `services/pension`, `gateway`. */
const workspaceOf = (file: string) => /^(?:(?:packages|services)\/)?[^/]+/.exec(file)?.[0] ?? ''
const inDomain = (file: string) => /^services\/[^/]+\/src\/domain\//.test(file)
/** `@jinbao/store/sqlite.ts` -> store */
const ours = (from: string) => /^@jinbao\/([^/]+)/.exec(from)?.[1]

/** What each package may build on. Tests may use any package. */
const packageBase: Readonly<Record<string, readonly string[]>> = {
  core: [],
  telemetry: [],
  verify: [],
  client: ['core', 'proto'],
  policy: ['core'],
  store: ['core', 'telemetry', 'proto'],
  bus: ['core', 'telemetry', 'proto', 'store'],
  rpc: ['core', 'telemetry', 'proto'],
  service: ['core', 'telemetry', 'proto', 'policy', 'store', 'bus', 'rpc'],
}
const gatewayBase = ['core', 'proto', 'rpc', 'telemetry']

const imports: Rule = ({ file, imports }, top) => {
  const workspace = workspaceOf(file)
  const own = workspace.split('/').at(-1) ?? ''
  const meetsServices = ['region', 'e2e', 'bench'].includes(workspace)
  return imports.flatMap(({ from, line }) => {
    const no = (what: string) => [{ line, what: `${what}: ${from}` }]
    if (from.startsWith('.')) {
      const inside = path.posix.join(path.posix.dirname(file), from).startsWith(`${workspace}/`)
      return inside ? [] : no('a relative import leaves its workspace')
    }
    const name = ours(from)
    if (!name || name === own) return []
    if (fs.existsSync(path.join(top, 'services', name)))
      return meetsServices ? [] : no('services meet in proto and in region, nowhere else')
    const base = workspace.startsWith('packages/')
      ? packageBase[own]
      : workspace === 'gateway'
        ? gatewayBase
        : undefined
    return !base || base.includes(name) || (isTest(file) && own !== 'verify')
      ? []
      : no(`${workspace} builds on ${base.join(', ') || 'no other package of ours'} only`)
  })
}

const domainImports: Rule = ({ file, imports }) =>
  !inDomain(file) || isTest(file)
    ? []
    : imports.flatMap(({ from, line, typeOnly }) => {
        const local = from.startsWith('./') || from.startsWith('../')
        const stays = local && inDomain(path.posix.join(path.posix.dirname(file), from))
        const name = ours(from)
        const fine = stays || name === 'core' || name === 'proto' || (name === 'policy' && typeOnly)
        return fine ? [] : [{ line, what: `domain builds on core, proto, policy types and its neighbours: ${from}` }]
      })

const impure = [
  /\bDate\.now\b|\bnew Date\b|\bTemporal\.Now\b|\bperformance\b/g,
  /\bMath\.(random|round)\b|\bparseFloat\b|\brandomUUID\b|\brandomBytes\b/g,
  /\bset(Timeout|Interval|Immediate)\b|\bqueueMicrotask\b|\bnew Promise\b/g,
  /\bawait\b|\basync\b/g,
  /\bprocess\.\w+|\bconsole\.\w+|\bfetch\(/g,
]
const domainPurity: Rule = ({ file, code }) =>
  !inDomain(file) || isTest(file)
    ? []
    : impure.flatMap((pattern) =>
        linesWith(code.bare, pattern).map(({ line, text }) => ({
          line,
          what: `the domain does not wait, read a clock, read or write: ${text}`,
        })),
      )

const engine = /^@jinbao\/(store\/(src\/)?(sqlite|postgres|kurrentdb|memory)|bus\/(src\/)?(embedded|kafka))/
const engines: Rule = ({ file, imports }) => {
  const free = isTest(file) || /\/(main|engines)\.ts$/.test(file) || /^(region|e2e|bench)\//.test(file)
  return free
    ? []
    : imports
        .filter(({ from }) => engine.test(from) && workspaceOf(file) !== `packages/${ours(from)}`)
        .map(({ from, line }) => ({ line, what: `engines are named in main.ts, engines.ts and region only: ${from}` }))
}

const place = /['"`](1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|81|82)\d{4}['"`]/g
const places: Rule = ({ file, code }) =>
  isTest(file) || !/^(services|packages|gateway)\//.test(file) || /seed|example/.test(file)
    ? []
    : linesWith(code.withStrings, place).map(({ line, text }) => ({
        line,
        what: `places belong in policy, configuration or tests: ${text}`,
      }))

const later = new RegExp(`\\b(${['TO' + 'DO', 'FIX' + 'ME', 'X' + 'XX'].join('|')})\\b`, 'g')
const unfinished: Rule = ({ text }) =>
  linesWith(text, later).map(({ line, text }) => ({ line, what: `finish it or file it: ${text}` }))

const weakTests: Rule = ({ file, code }) =>
  !file.endsWith('.test.ts')
    ? []
    : linesWith(code.bare, /\b(test|it|describe|suite)\.(skip|only|todo)\b|\b(skip|only|todo): true\b/g).map(
        ({ line, text }) => ({ line, what: `a test runs or is deleted: ${text}` }),
      )

const declared: Rule = ({ file, imports }, top) => {
  const names = new Set(
    [workspaceOf(file), '.'].flatMap((folder) => {
      const manifest = path.join(top, folder, 'package.json')
      if (!fs.existsSync(manifest)) return []
      const { dependencies = {}, devDependencies = {} } = JSON.parse(fs.readFileSync(manifest, 'utf8'))
      return [...Object.keys(dependencies), ...Object.keys(devDependencies)]
    }),
  )
  return imports.flatMap(({ from, line }) => {
    const name = /^(@[^/]+\/)?[^/]+/.exec(from)?.[0] ?? ''
    const fine = from.startsWith('.') || from.startsWith('#') || isBuiltin(from) || ours(from) || names.has(name)
    return fine ? [] : [{ line, what: `not in the package.json of ${workspaceOf(file)}: ${name}` }]
  })
}

const rules: readonly Rule[] = [imports, domainImports, domainPurity, engines, places, unfinished, weakTests, declared]

export const findingsIn = (source: Source, top: string): Finding[] =>
  rules.flatMap((rule) => rule(source, top).map((finding) => ({ file: source.file, ...finding })))

const serviceFiles = ['service', 'main', 'api', 'views', 'reactions'].map((name) => `src/${name}.ts`)

/** Every service has the same shape. */
export function shapeFindings(service: string, top: string): Finding[] {
  const folder = `services/${service}`
  const wanted = [
    ...['package.json', 'README.md', ...serviceFiles].map((name) => `${folder}/${name}`),
    ...[`proto/jinbao/${service}/v1/${service}.proto`, `proto/jinbao/${service}/v1/events.proto`],
  ]
  const missing = wanted.filter((file) => !fs.existsSync(path.join(top, file)))
  if (fs.globSync('src/domain/*.test.ts', { cwd: path.join(top, folder) }).length === 0)
    missing.push(`${folder}/src/domain/<thing>.test.ts`)
  return missing.map((file) => ({ file: folder, line: 0, what: `a service has ${file}` }))
}

/** Every workspace takes part in check and test. */
export function manifestFindings(folder: string, scripts: Readonly<Record<string, string>>, top: string): Finding[] {
  const has = (pattern: string) =>
    fs.globSync(`${folder}/**/${pattern}`, { cwd: top, exclude: ['**/node_modules'] }).length
  const wanted = [
    ...(has('*.ts') && folder !== 'proto' ? ['check', 'test'] : []),
    ...(has('*.slow.test.ts') ? ['test:slow'] : []),
  ]
  return wanted
    .filter((name) => !scripts[name])
    .map((name) => ({ file: `${folder}/package.json`, line: 0, what: `has no script "${name}"` }))
}
