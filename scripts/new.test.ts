import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { after, before, test } from 'node:test'
import { writeSkeleton } from './skeleton.ts'
import { tidy } from './tidy.ts'
import { root } from './workspaces.ts'

const top = fs.mkdtempSync(path.join(os.tmpdir(), 'jinbao-new-'))
const at = (...parts: string[]) => path.join(top, ...parts)
const link = (from: string, to: string) => fs.symlinkSync(path.join(root, from), at(to))

/** A copy of what a service stands on: our packages and all others are links, protos and what is made of them are ours. */
before(() => {
  for (const file of ['.gitignore', 'biome.json', 'buf.yaml', 'buf.gen.yaml', 'package.json', 'tsconfig.json'])
    fs.copyFileSync(path.join(root, file), at(file))
  for (const folder of ['proto', '.cache/googleapis'])
    fs.cpSync(path.join(root, folder), at(folder), { recursive: true })
  fs.mkdirSync(at('node_modules/@jinbao'), { recursive: true })
  for (const name of fs.readdirSync(path.join(root, 'node_modules')))
    if (name !== '@jinbao') link(`node_modules/${name}`, `node_modules/${name}`)
  for (const name of fs.readdirSync(path.join(root, 'packages')))
    link(`packages/${name}`, `node_modules/@jinbao/${name}`)
  fs.symlinkSync(at('proto'), at('node_modules/@jinbao/proto'))
  writeSkeleton(top, { name: 'housing', thing: 'request' })
  run('biome', 'check', '--write', 'services/housing')
  run('buf', 'generate', '--path', 'proto/jinbao/housing')
  execFileSync('git', ['init', '-q'], { cwd: top })
})
after(() => fs.rmSync(top, { recursive: true }))

/** Fails with what the program said. */
function run(program: string, ...args: string[]): void {
  // A test process of its own: not one that reports to this one.
  const { NODE_TEST_CONTEXT: _, ...env } = process.env
  try {
    execFileSync(path.join(root, 'node_modules/.bin', program), args, {
      cwd: top,
      env,
      encoding: 'utf8',
      stdio: 'pipe',
    })
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string }
    assert.fail(`${program} ${args.join(' ')}\n${stdout}${stderr}`)
  }
}

test('a new service keeps the house rules: protos, format, imports, shape', () => {
  run('buf', 'lint', '--path', 'proto/jinbao/housing')
  run('biome', 'check', 'services/housing')
  assert.deepEqual(
    tidy(top).filter(({ file }) => file.startsWith('services/') || file.includes('/housing/')),
    [],
  )
})

test('a new service compiles, and its tests pass', () => {
  const config = { extends: './tsconfig.json', include: ['services'], compilerOptions: { incremental: false } }
  fs.writeFileSync(at('tsconfig.new.json'), JSON.stringify(config))
  run('tsc', '-p', 'tsconfig.new.json', '--pretty', 'false')
  run('node', '--test', 'services/housing/src/**/*.test.ts')
})

test('what is there already is not touched, and a word that will not do is refused', () => {
  assert.throws(() => writeSkeleton(top, { name: 'housing', thing: 'request' }), /is there already/)
  assert.throws(() => writeSkeleton(top, { name: 'Housing-1', thing: 'request' }), /not one lower-case noun/)
  assert.throws(() => writeSkeleton(top, { name: 'housing', thing: 'housing' }), /names of their own/)
})
