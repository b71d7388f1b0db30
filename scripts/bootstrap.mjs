// What every npm script starts with. Plain JavaScript for whatever node the machine has: installs what is
// missing, makes the generated code, then runs the given TypeScript program on the project's own Node 26.
import { execFileSync, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..')
const at = (...parts) => path.join(root, ...parts)
const node = at('node_modules/.bin/node')
const stamp = at('node_modules/.jinbao-lock')
const lock = createHash('sha256')
  .update(readFileSync(at('package-lock.json')))
  .digest('hex')

if (!existsSync(node) || !existsSync(stamp) || readFileSync(stamp, 'utf8') !== lock) {
  console.error('jinbao: installing dependencies (once) ...')
  execFileSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: root, stdio: ['ignore', 2, 2] })
  writeFileSync(stamp, lock)
}
execFileSync(node, [at('scripts/gen.ts')], { cwd: root, stdio: ['ignore', 2, 2] })

const [program, ...args] = process.argv.slice(2)
if (program) {
  const child = spawn(node, ['--disable-warning=ExperimentalWarning', at(program), ...args], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, JINBAO_CALLED_FROM: process.env.INIT_CWD ?? process.cwd() },
  })
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal))
  child.on('exit', (code, signal) => process.exit(signal ? 128 + (signal === 'SIGINT' ? 2 : 15) : (code ?? 1)))
}
