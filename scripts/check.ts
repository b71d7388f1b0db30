// npm run check: everything that can be known without running the system. Each step prints what is wrong, nothing else.
import { execFileSync, spawn } from 'node:child_process'
import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { turboEnvironment } from './turbo.ts'
import { root, workspaces } from './workspaces.ts'

interface Outcome {
  readonly ok: boolean
  readonly text: string
}

const bin = (name: string) => path.join(root, 'node_modules/.bin', name)
const script = (name: string, ...args: string[]) => run(bin('node'), [path.join('scripts', name), ...args])

function run(command: string, args: readonly string[]): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], env: turboEnvironment() })
    let text = ''
    const add = (chunk: Buffer) => {
      text += chunk
    }
    child.stdout.on('data', add)
    child.stderr.on('data', add)
    child.on('error', reject)
    child.on('close', (code) => resolve({ ok: code === 0, text }))
  })
}

const git = (...args: string[]) => execFileSync('git', args, { cwd: root, encoding: 'utf8', stdio: 'pipe' }).trim()

/** What is outside of the workspaces; inside, turbo remembers what was fine. */
async function format(): Promise<Outcome> {
  const inside = workspaces().map(({ folder }) => folder)
  const outside = git('ls-files', '--cached', '--others', '--exclude-standard')
    .split('\n')
    .filter((file) => /\.(ts|mjs|json)$/.test(file) && !inside.some((folder) => file.startsWith(`${folder}/`)))
    .filter((file) => fs.existsSync(path.join(root, file)))
  const rest = await run(bin('biome'), ['check', '--no-errors-on-unmatched', ...outside])
  const within = await run(bin('turbo'), [
    ...['run', 'check', '--continue', '--ui=stream', '--log-order=grouped', '--log-prefix=none'],
    ...['--output-logs=errors-only', '--cache=local:rw'],
  ])
  return { ok: rest.ok && within.ok, text: (rest.ok ? '' : rest.text) + (within.ok ? '' : within.text) }
}

/** The last release, or main for a branch that left it. */
function before(): string | undefined {
  const tag = git('tag', '--list', 'v*', '--sort=-v:refname', '--merged', 'HEAD').split('\n')[0]
  if (tag) return tag
  const main = ['origin/main', 'main'].find((name) => git('branch', '--all', '--list', name, `remotes/${name}`) !== '')
  if (!main) return undefined
  const base = git('merge-base', 'HEAD', main)
  return base === git('rev-parse', 'HEAD') ? undefined : base
}

/** Facts are kept for ever: what was written must stay readable. */
async function breaking(): Promise<Outcome> {
  const ref = before()
  if (!ref) return { ok: true, text: '  no release tag yet and nothing apart from main: nothing to compare with\n' }
  // Outside of the repository: below it, buf would take the older files for part of the newer.
  const against = fs.mkdtempSync(path.join(os.tmpdir(), 'jinbao-before-'))
  try {
    const archive = path.join(against, 'proto.tar')
    git('archive', '--output', archive, ref, 'proto', 'buf.yaml')
    execFileSync('tar', ['-xf', archive, '-C', against])
    fs.cpSync(path.join(root, '.cache/googleapis'), path.join(against, '.cache/googleapis'), { recursive: true })
    const { ok, text } = await run(bin('buf'), ['breaking', '--against', against])
    return { ok, text: ok ? `  compared with ${ref}\n` : text }
  } finally {
    fs.rmSync(against, { recursive: true, force: true })
  }
}

/** Every rule of the foundation is in the code and proven; what is wanting is printed. */
async function law(): Promise<Outcome> {
  const { ok, text } = await script('law.ts', '--check')
  return { ok, text: ok ? '' : text }
}

const steps: Record<string, () => Promise<Outcome>> = {
  types: () => run(bin('tsc'), ['-p', '.', '--pretty', 'false']),
  format,
  'proto lint': () => run(bin('buf'), ['lint']),
  'proto breaking': breaking,
  'house rules': () => script('tidy.ts'),
  yaml: () => script('yaml.ts'),
  map: () => script('map.ts', '--check'),
  refusals: () => script('refusals.ts', '--check'),
  law,
}

const started = Date.now()
const results = Object.entries(steps).map(async ([name, step]) => {
  const outcome = await step().catch((error: Error) => ({ ok: false, text: `${error.stack}\n` }))
  return { name, ...outcome, seconds: (Date.now() - started) / 1000 }
})
let failed = 0
for (const result of results) {
  const { name, ok, text, seconds } = await result
  console.log(`${ok ? '✔' : '✖'} ${name.padEnd(16)} ${seconds.toFixed(1)} s`)
  if (text) process.stdout.write(text)
  if (!ok) failed += 1
}
console.log(failed === 0 ? 'all checks passed' : `${failed} of ${results.length} checks failed`)
process.exitCode = failed > 0 ? 1 : 0
