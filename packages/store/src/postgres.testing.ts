// A private PostgreSQL server for tests: from the distribution's package, in a folder and on a port of its own.
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import * as fs from 'node:fs'
import * as net from 'node:net'
import * as path from 'node:path'

export interface PostgresServer {
  readonly url: string
  start(): Promise<void>
  /** SIGKILL to the server and all its children. */
  kill(): Promise<void>
  stop(): Promise<void>
}

/** Folder of initdb and pg_ctl; undefined where the package is not installed. */
export function postgresBin(): string | undefined {
  const root = '/usr/lib/postgresql'
  if (!fs.existsSync(root)) return undefined
  const versions = fs.readdirSync(root).sort((a, b) => Number(b) - Number(a))
  return versions
    .map((version) => path.join(root, version, 'bin'))
    .find((bin) => fs.existsSync(path.join(bin, 'initdb')))
}

export const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = net.createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as net.AddressInfo
      server.close(() => resolve(port))
    })
  })

export async function privatePostgres(bin: string): Promise<PostgresServer> {
  const asRoot = process.getuid?.() === 0
  const id = (flag: string) => Number(execFileSync('id', [flag, 'postgres']))
  const as = asRoot ? { uid: id('-u'), gid: id('-g') } : {}
  const folder = fs.mkdtempSync('/var/tmp/jinbao-postgres-')
  if (asRoot) fs.chownSync(folder, as.uid!, as.gid!)
  const data = path.join(folder, 'data')
  const port = await freePort()
  const run = (program: string, ...args: string[]) => {
    const { status, stderr } = spawnSync(path.join(bin, program), args, { ...as, cwd: folder, encoding: 'utf8' })
    if (status !== 0) throw new Error(`${program}: ${stderr}`)
  }
  run('initdb', '-A', 'trust', '-U', 'postgres', '--locale=C.UTF-8', '-E', 'UTF8', '-D', data)
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`
  const start = async () => {
    const options = `-p ${port} -c listen_addresses=127.0.0.1 -c unix_socket_directories=''`
    const child = spawn(
      path.join(bin, 'pg_ctl'),
      ['-w', '-D', data, '-o', options, '-l', path.join(folder, 'log'), 'start'],
      { ...as, cwd: folder, stdio: 'ignore' },
    )
    const code = await new Promise((resolve) => child.once('exit', resolve))
    if (code !== 0) throw new Error(`pg_ctl: ${fs.readFileSync(path.join(folder, 'log'), 'utf8').slice(-500)}`)
  }
  const pid = () => Number(fs.readFileSync(path.join(data, 'postmaster.pid'), 'utf8').split('\n')[0])
  await start()
  return {
    url,
    start,
    async kill() {
      const server = pid()
      const { stdout } = spawnSync('pgrep', ['-P', String(server)], { encoding: 'utf8' })
      process.kill(server, 'SIGKILL')
      for (const child of stdout.split('\n').filter(Boolean)) {
        try {
          process.kill(Number(child), 'SIGKILL')
        } catch {
          // It ended by itself when its parent did.
        }
      }
      await new Promise((resolve) => setTimeout(resolve, 200))
      // Where nobody reaps it, the dead server still counts as running for the next one.
      fs.rmSync(path.join(data, 'postmaster.pid'), { force: true })
    },
    async stop() {
      spawnSync(path.join(bin, 'pg_ctl'), ['-D', data, '-m', 'immediate', 'stop'], { ...as, cwd: folder })
      fs.rmSync(folder, { recursive: true, force: true })
    },
  }
}
