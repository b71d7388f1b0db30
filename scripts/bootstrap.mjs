// What every npm script starts with. Plain JavaScript for whatever node the machine has: installs what is
// missing, makes the generated code, then runs the given TypeScript program on the project's own Node 26.
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync, unlinkSync } from 'node:fs'
import net from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..')
const at = (...parts) => path.join(root, ...parts)
const node = at('node_modules/.bin/node')
const say = (line) => console.error(`jinbao: ${line}`)
const stop = (line) => {
  say(line)
  process.exit(1)
}

/** Installed: npm's own record says what the lock file says (npm writes it last), and the two programs are there. */
function installed() {
  const record = at('node_modules/.package-lock.json')
  if (![record, node, at('node_modules/.bin/buf')].every((file) => existsSync(file))) return false
  const has = JSON.parse(readFileSync(record, 'utf8')).packages
  const wants = JSON.parse(readFileSync(at('package-lock.json'), 'utf8')).packages
  return Object.entries(wants).every(
    ([name, want]) =>
      !name.includes('node_modules/') ||
      (has[name] ? has[name].version === want.version && has[name].integrity === want.integrity : want.optional),
  )
}

/** Generated: nothing that proto/gen is made of is younger than it. */
function generated() {
  const stamp = at('proto/gen/.stamp')
  if (!existsSync(stamp)) return false
  const made = statSync(stamp).mtimeMs
  const younger = (file) => statSync(file).mtimeMs > made
  const protos = at('proto/jinbao')
  return ![
    ...[protos, at('buf.gen.yaml'), at('scripts/gen.ts'), at('package.json')],
    ...readdirSync(protos, { recursive: true }).map((name) => path.join(protos, name)),
  ].some(younger)
}

/** The PATH without any node_modules: npm must not run on the node it is about to replace. */
const machinePath = (process.env.PATH ?? '')
  .split(path.delimiter)
  .filter((dir) => !dir.includes('node_modules'))
  .join(path.delimiter)

// Output goes to stderr: stdout is the program's. The child holds the lock too, should we be killed before it ends.
function run(lock, command, args, env = process.env) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, stdio: ['ignore', 2, 2, lock._handle?.fd ?? 'ignore'], env })
    child.on('error', (error) => stop(`cannot run ${command}: ${error.message}`))
    child.on('exit', (code) => resolve(code ?? 1))
  })
}

async function install(lock) {
  say('installing dependencies ...')
  const args = ['ci', '--include=dev', '--no-audit', '--no-fund', '--no-progress', '--loglevel=error']
  const code = await run(lock, 'npm', args, { ...process.env, PATH: machinePath })
  if (code !== 0) stop('npm ci failed, see above. It is safe to try again.')
  if (existsSync(node)) return
  stop(
    'the node package is not complete. If npm install scripts are switched off here, run:\n' +
      '  npm rebuild node @bufbuild/buf --ignore-scripts=false',
  )
}

const debianPackages = {
  'libatomic.so.1': 'libatomic1',
  'libstdc++.so.6': 'libstdc++6',
  'libssl.so.3': 'libssl3',
  'libcrypto.so.3': 'libssl3',
}

function checkNode() {
  const tried = spawnSync(node, ['--version'], { encoding: 'utf8' })
  if (tried.status === 0) return
  const why = (tried.error?.message ?? tried.stderr).trim()
  const library = Object.keys(debianPackages).find((name) => why.includes(name))
  if (library) stop(`Node 26 needs ${library}. Run once, as root: apt-get install -y ${debianPackages[library]}`)
  stop(`Node 26 does not start on this machine: ${why}`)
}

/** A name only one process can listen on; the system frees it when the processes holding it end, however they end. */
function lockName() {
  const id = `jinbao-${createHash('sha256').update(root).digest('hex').slice(0, 24)}`
  if (process.platform === 'linux') return `\0${id}`
  return process.platform === 'win32' ? `\\\\.\\pipe\\${id}` : path.join(os.tmpdir(), `${id}.sock`)
}

/** Does the work alone in this checkout; others wait, then look again. */
async function alone(work) {
  const name = lockName()
  for (;;) {
    const waiting = new Set()
    const server = net.createServer((socket) => waiting.add(socket.on('error', () => {})))
    const mine = await new Promise((resolve) =>
      server.once('error', () => resolve(false)).listen(name, () => resolve(true)),
    )
    if (mine) {
      await work(server)
      for (const socket of waiting) socket.destroy()
      return server.close()
    }
    await new Promise((resolve) => {
      const socket = net.connect(name)
      // A file nobody listens on any more (only where names are files): its owner died.
      socket.on('error', (error) => error.code === 'ECONNREFUSED' && path.isAbsolute(name) && unlinkSync(name))
      socket.on('close', resolve).resume()
    })
  }
}

if (!installed() || !generated()) {
  await alone(async (lock) => {
    if (!installed()) await install(lock)
    checkNode()
    if (!generated() && (await run(lock, node, [at('scripts/gen.ts')])) !== 0)
      stop('making proto/gen failed, see above')
  })
}

const [program, ...args] = process.argv.slice(2)
if (program) {
  if (!existsSync(at(program))) stop(`${program} is not there`)
  const child = spawn(node, ['--disable-warning=ExperimentalWarning', at(program), ...args], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, JINBAO_CALLED_FROM: process.env.INIT_CWD ?? process.cwd() },
  })
  child.on('error', (error) => {
    checkNode()
    stop(error.message)
  })
  // A terminal sends ^C to the child by itself; once is enough.
  process.on('SIGINT', () => process.stdin.isTTY || child.kill('SIGINT'))
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('exit', (code, signal) => {
    // 127: the system's loader did not find a library.
    if (code === 127) checkNode()
    process.exit(signal ? 128 + os.constants.signals[signal] : code)
  })
}
