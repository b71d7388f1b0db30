// Servers of the benches: each a process of its own, so that none shares a loop with what it is compared with.
import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

export const here = (file: string) => fileURLToPath(new URL(file, import.meta.url))

export interface Server {
  readonly child: ChildProcess
  /** What it printed when ready: the address, and a token where one is needed. */
  readonly ready: { readonly url: string; readonly token?: string }
}

/** Starts a program of this folder and waits for its line of JSON; BENCH_PROFILE names a folder for CPU profiles. */
export async function start(file: string, args: string[] = [], env: Record<string, string> = {}): Promise<Server> {
  const folder = process.env.BENCH_PROFILE
  const flags = folder ? ['--cpu-prof', `--cpu-prof-dir=${folder}`] : []
  const child = spawn(process.execPath, [...flags, '--disable-warning=ExperimentalWarning', here(file), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, JINBAO_LOG: 'error', ...env },
  })
  for await (const line of createInterface({ input: child.stdout! })) {
    if (line.startsWith('{')) return { child, ready: JSON.parse(line) as Server['ready'] }
  }
  throw new Error(`${file} ended before it was ready`)
}

export async function stop({ child }: Server): Promise<void> {
  const gone = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGTERM')
  await gone
}

/** Runs a program of this folder to its end and reads the JSON it prints. */
export async function outcome<T>(file: string, args: string[]): Promise<T> {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', here(file), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, JINBAO_LOG: 'error' },
  })
  let text = ''
  for await (const chunk of child.stdout) text += chunk
  return JSON.parse(text) as T
}
