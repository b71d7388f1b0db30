import { spawn } from 'node:child_process'
import * as os from 'node:os'
import * as path from 'node:path'
import { root, type Workspace } from './workspaces.ts'

export interface TurboOptions {
  readonly force?: boolean
  /** Slow suites use the machine alone. */
  readonly concurrency?: number
}

export const turboEnvironment = (): NodeJS.ProcessEnv => ({
  ...process.env,
  TURBO_TELEMETRY_DISABLED: '1',
  TURBO_NO_UPDATE_NOTIFIER: '1',
  DO_NOT_TRACK: '1',
  npm_config_loglevel: 'silent',
})

/** Runs one task in the given workspaces, with a cache on this disk and no network. Answers turbo's exit code. */
export function turbo(task: string, on: readonly Workspace[], options: TurboOptions = {}): Promise<number> {
  const args = [
    ...['run', task, '--continue', '--ui=stream', '--log-order=grouped', '--log-prefix=none'],
    ...[
      '--output-logs=new-only',
      `--cache=local:${options.force ? 'w' : 'rw'}`,
      `--concurrency=${options.concurrency ?? os.availableParallelism()}`,
    ],
    ...on.map((workspace) => `--filter=${workspace.name}`),
  ]
  return new Promise((resolve, reject) => {
    const child = spawn(path.join(root, 'node_modules/.bin/turbo'), args, {
      cwd: root,
      env: turboEnvironment(),
      stdio: ['ignore', 'inherit', 'inherit'],
    })
    child.on('error', reject)
    child.on('exit', (code) => resolve(code ?? 1))
  })
}
