import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { test } from 'node:test'
import { importsOf, readCode } from './source.ts'
import { tidy } from './tidy.ts'

const service = (name: string): Record<string, string> => ({
  [`services/${name}/package.json`]: `{ "name": "@jinbao/${name}", "scripts": { "check": "x", "test": "x" } }`,
  [`services/${name}/README.md`]: '',
  ...Object.fromEntries(
    ['service', 'main', 'api', 'views', 'reactions', 'domain/thing', 'domain/thing.test'].map((file) => [
      `services/${name}/src/${file}.ts`,
      'export {}\n',
    ]),
  ),
  [`proto/jinbao/${name}/v1/${name}.proto`]: '',
  [`proto/jinbao/${name}/v1/events.proto`]: '',
})

/** Findings in a small repository of two good services and the given files. */
function findings(files: Record<string, string>): string[] {
  const top = fs.mkdtempSync(path.join(os.tmpdir(), 'tidy-'))
  try {
    const all = {
      'package.json': '{ "workspaces": ["packages/*", "services/*"], "dependencies": { "known": "1" } }',
      ...service('pension'),
      ...service('identity'),
      ...files,
    }
    for (const [file, text] of Object.entries(all)) {
      fs.mkdirSync(path.dirname(path.join(top, file)), { recursive: true })
      fs.writeFileSync(path.join(top, file), text)
    }
    execFileSync('git', ['init', '-q'], { cwd: top })
    return tidy(top).map(({ file, line, what }) => `${file}:${line} ${what}`)
  } finally {
    fs.rmSync(top, { recursive: true, force: true })
  }
}

const domain = 'services/pension/src/domain/thing.ts'
const wrong: [string, Record<string, string>, RegExp][] = [
  ['a service imports another', { 'services/pension/src/api.ts': "import '@jinbao/identity/x.ts'" }, /meet in proto/],
  [
    'a service reaches over',
    { 'services/pension/src/api.ts': "\nexport * from '../../identity/x.ts'" },
    /:2 .*leaves its/,
  ],
  ['the gateway imports a service', { 'gateway/src/a.ts': "import { x } from '@jinbao/pension'" }, /meet in proto/],
  [
    'the verifier imports core',
    { 'packages/verify/src/a.ts': "import type { X } from '@jinbao/core'" },
    /no other package/,
  ],
  ['the verifier tests with core', { 'packages/verify/src/a.test.ts': "import '@jinbao/core'" }, /no other package/],
  [
    'core imports policy',
    { 'packages/core/src/a.ts': "import {\n  x,\n} from '@jinbao/policy'" },
    /:3 packages\/core builds/,
  ],
  ['the domain reads a file', { [domain]: "import * as fs from 'node:fs'" }, /domain builds on/],
  ['the domain knows its api', { [domain]: "import { x } from '../api.ts'" }, /domain builds on/],
  ['the domain runs policy', { [domain]: "import { load } from '@jinbao/policy'" }, /domain builds on/],
  ['the domain waits', { [domain]: 'export const f = async () => 1' }, /does not wait.*async/],
  ['the domain reads the clock', { [domain]: 'export const f = () => new Date()' }, /does not wait.*new Date/],
  ['the domain asks Temporal for now', { [domain]: 'export const f = () => Temporal.Now.instant()' }, /Temporal\.Now/],
  ['the domain rolls dice', { [domain]: 'export const f = () => Math.random()' }, /Math\.random/],
  ['a place in code', { 'services/pension/src/api.ts': "export const p = '110000'" }, /places belong/],
  [
    'an engine outside main',
    { 'services/pension/src/api.ts': "import '@jinbao/store/sqlite.ts'" },
    /engines are named/,
  ],
  ['unfinished work', { 'policy/a.yaml': `# ${'TO' + 'DO'}: later` }, /finish it/],
  [
    'a test that is skipped',
    { 'services/pension/src/domain/thing.test.ts': "test.skip('x', () => {})" },
    /runs or is deleted/,
  ],
  [
    'a dependency nobody declared',
    { 'services/pension/src/api.ts': "import x from 'unknown/deep'" },
    /not in the package\.json/,
  ],
  ['a slow test nobody runs', { 'services/pension/src/a.slow.test.ts': '' }, /no script "test:slow"/],
  ['a service without its proto', { 'services/fund/src/service.ts': '' }, /a service has proto\/jinbao\/fund/],
]
for (const [name, files, expected] of wrong) {
  test(`tidy finds: ${name}`, () => assert.match(findings(files).join('\n'), expected))
}

test('tidy finds nothing wrong in what is right', () => {
  const files = {
    [domain]: [
      "import { refuse } from '@jinbao/core'",
      "import type { PolicyOn } from '@jinbao/policy'",
      "import { Opened } from '@jinbao/proto/pension/v1/events.ts'",
      "import { other } from './other.ts'",
      '// await new Date() in a comment, and Math.random',
      "export const label = 'new Date() is only a text'",
    ].join('\n'),
    'services/pension/src/main.ts': "import '@jinbao/store/sqlite.ts'\nimport known from 'known'",
    'services/pension/src/domain/thing.test.ts': "export const place = '110000'\nawait import('node:fs')",
    'region/src/main.ts': "import { pension } from '@jinbao/pension/service.ts'",
  }
  assert.deepEqual(findings(files), [])
})

test('imports are read, not guessed', () => {
  const text = [
    "import a, { type B } from 'one' // import no from 'comment'",
    "const text = `import x from 'template'`",
    "const pattern = /import '['\"]/; import 'two'",
    "export type { C } from 'three'",
    "const d = await import('four')",
    "let e: import('five').E",
    '/* import',
    "'six' */ const from = 'import seven'",
  ].join('\n')
  const found = importsOf(readCode(text)).map(({ from, line }) => `${from}:${line}`)
  assert.deepEqual(found.sort(), ['five:6', 'four:5', 'one:1', 'three:4'])
})
