// One region behind its gateway, with a clock that the test moves; callers by role, over HTTP as any integrator.
import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { openRegion, type Region } from '@jinbao/region'
import type { Role } from '@jinbao/rpc'

export interface Answer {
  readonly status: number
  // biome-ignore lint/suspicious/noExplicitAny: answers are JSON of any shape; the tests say what they expect
  readonly body: any
  readonly headers: Headers
}

export interface Ask {
  readonly key?: string
  readonly headers?: Record<string, string>
  /** Other than JSON: sent as it is. */
  readonly raw?: { readonly type: string; readonly body: string | Uint8Array<ArrayBuffer> }
}

export interface Caller {
  get(path: string, ask?: Ask): Promise<Answer>
  /** A command; a fresh idempotency key unless one is given. */
  post(path: string, body?: object, ask?: Ask): Promise<Answer>
  /** As post, and fails unless it is answered 200. */
  do(path: string, body?: object, ask?: Ask): Promise<Answer['body']>
  /** As get, and fails unless it is answered 200. */
  see(path: string): Promise<Answer['body']>
}

export interface World {
  readonly region: Region
  readonly url: string
  readonly folder: string
  /** Civil time of the region. */
  now: string
  as(role: Role, claims?: { subject?: string; person?: string; employer?: string }): Promise<Caller>
  settle(): Promise<void>
  /** Moves the clock to a day, runs what is due on it and lets the effects settle. */
  day(day: string): Promise<void>
  close(): Promise<void>
}

let keys = 0

export function caller(url: string, token: string): Caller {
  const send = async (method: string, where: string, body: object | undefined, ask: Ask = {}): Promise<Answer> => {
    const headers: Record<string, string> = {
      authorization: `Bearer ${token}`,
      'jinbao-purpose': 'e2e test',
      ...ask.headers,
    }
    if (method === 'POST') headers['idempotency-key'] = ask.key ?? `e2e-${process.pid}-${Date.now()}-${++keys}`
    if (ask.raw) headers['content-type'] = ask.raw.type
    else if (body) headers['content-type'] = 'application/json'
    const sent = ask.raw ? ask.raw.body : body && JSON.stringify(body)
    const response = await fetch(url + where, { method, headers, ...(sent === undefined ? {} : { body: sent }) })
    const text = await response.text()
    const json = /json/.test(response.headers.get('content-type') ?? '')
    return { status: response.status, body: json ? JSON.parse(text) : text, headers: response.headers }
  }
  const good = (what: string, { status, body }: Answer): Answer['body'] => {
    if (status !== 200) throw new Error(`${what}: ${status} ${JSON.stringify(body)}`)
    return body
  }
  return {
    get: (where, ask) => send('GET', where, undefined, ask),
    post: (where, body = {}, ask) => send('POST', where, body, ask),
    do: async (where, body = {}, ask) => good(`POST ${where}`, await send('POST', where, body, ask)),
    see: async (where) => good(`GET ${where}`, await send('GET', where, undefined)),
  }
}

export async function openWorld(options: { place?: string; now?: string; folder?: string } = {}): Promise<World> {
  const folder = options.folder ?? fs.mkdtempSync(path.join(os.tmpdir(), 'jinbao-e2e-'))
  const state = { now: options.now ?? '2026-07-01T10:00:00+08:00' }
  const clock = () => Temporal.Instant.from(state.now)
  const region = await openRegion({ place: options.place ?? '110000', folder, clock, allowSyntheticIds: true })
  const url = await region.gateway.listen({ port: 0 })
  const callers = new Map<string, Promise<Caller>>()
  return {
    region,
    url,
    folder,
    get now() {
      return state.now
    },
    set now(moment: string) {
      state.now = moment
    },
    as(role, claims = {}) {
      const name = JSON.stringify([role, claims])
      const known = callers.get(name)
      if (known) return known
      const { subject = `${role}-1`, ...rest } = claims
      const made = region.issuer.mint({ subject, roles: [role], ...rest }).then((token) => caller(url, token))
      callers.set(name, made)
      return made
    },
    settle: () => region.settle(),
    async day(day) {
      state.now = `${day}T10:00:00+08:00`
      await region.due(day)
      await region.settle()
    },
    async close() {
      await region.close()
      if (!options.folder) fs.rmSync(folder, { recursive: true, force: true })
    },
  }
}
