// How another process of this machine asks the running region for a backup: a socket in the data folder, because the
// files themselves are locked. Who may open the folder may ask.
import * as fs from 'node:fs'
import * as net from 'node:net'
import * as path from 'node:path'
import { log } from '@jinbao/telemetry'

type Answer = { readonly ok: unknown } | { readonly no: string }

/** Paths of sockets are short by the system's own limit. */
const LONGEST = 100
export const socketOf = (data: string): string => path.resolve(data, 'control.sock')

export async function serveControl(data: string, backup: (folder: string) => Promise<unknown>): Promise<() => void> {
  const file = socketOf(data)
  if (file.length > LONGEST) {
    log.warn({ folder: data }, 'the path of the data folder is too long for a socket: stop the region to back it up')
    return () => undefined
  }
  fs.rmSync(file, { force: true })
  const server = net.createServer({ allowHalfOpen: true }, (socket) => {
    let text = ''
    socket.setEncoding('utf8')
    socket.on('data', (part) => {
      text += part
    })
    socket.on('error', (error) => log.warn({ err: error }, 'control socket'))
    socket.on('end', () => {
      const answer = (one: Answer) => socket.end(JSON.stringify(one))
      backup(text).then(
        (ok) => answer({ ok }),
        (error: unknown) => answer({ no: error instanceof Error ? error.message : String(error) }),
      )
    })
  })
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(file, resolve))
  fs.chmodSync(file, 0o600)
  return () => server.close()
}

/** Undefined when no region runs on this folder. */
export async function askForBackup(data: string, folder: string): Promise<Answer | undefined> {
  const file = socketOf(data)
  if (!fs.existsSync(file)) return undefined
  return new Promise((resolve, reject) => {
    const socket = net.connect({ path: file, allowHalfOpen: true })
    let text = ''
    socket.setEncoding('utf8')
    socket.on('data', (part) => {
      text += part
    })
    socket.on('connect', () => socket.end(path.resolve(folder)))
    // Nobody listens any more: the region was killed and left its socket.
    socket.on('error', (error: NodeJS.ErrnoException) =>
      error.code === 'ECONNREFUSED' ? resolve(undefined) : reject(error),
    )
    socket.on('end', () => resolve(JSON.parse(text)))
  })
}
