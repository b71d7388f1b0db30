// The client of a region: every rpc by its name, flat requests, typed answers.
import { randomUUID } from 'node:crypto'
import { type Operations, routes, type Schemas } from '../gen/operations.ts'
import { type Received, type Sending, send } from './send.ts'
import { type ImportReport, mediaTypeOf, readReport, type UploadOptions } from './upload.ts'

export type OperationName = keyof Operations & keyof typeof routes
export type RequestOf<N extends OperationName> = Operations[N]['request']
export type AnswerOf<N extends OperationName> = Operations[N]['answer']
export type { Schemas }

export interface ConnectOptions {
  /** `http://127.0.0.1:8080` */
  readonly url: string
  readonly token: string | (() => string | Promise<string>)
  /** Why personal data is asked for; recorded with every read of a person. */
  readonly purpose?: string
  /** Language of refusals. */
  readonly language?: 'zh' | 'en'
  /** How often a request is tried; default 5. */
  readonly attempts?: number
  /** Longest wait for one answer; default 30 seconds. */
  readonly timeoutMs?: number
}

export interface CallOptions {
  /** Idempotency key of a command; default a new one, which the retries of this call share. */
  readonly key?: string
  /** Decide and answer, record nothing. */
  readonly validateOnly?: boolean
  readonly signal?: AbortSignal
}

export interface Client {
  call<N extends OperationName>(name: N, request: RequestOf<N>, options?: CallOptions): Promise<AnswerOf<N>>
  /** The pages of a list, one answer after the other. */
  pages<N extends OperationName>(name: N, request: RequestOf<N>, options?: CallOptions): AsyncGenerator<AnswerOf<N>>
  /** Sends a file of rows; the report says what became of each. Rows done stay done when it is sent again. */
  upload(kind: string, bytes: Uint8Array<ArrayBuffer>, options?: UploadOptions): Promise<ImportReport>
}

const ATTEMPTS = 5
const TIMEOUT_MS = 30_000
const UPLOAD_TIMEOUT_MS = 30 * 60_000

export function connect(options: ConnectOptions): Client {
  const { attempts = ATTEMPTS, timeoutMs = TIMEOUT_MS } = options
  const url = options.url.replace(/\/+$/, '')
  // Furthest position seen of each service; questions ask for answers that include it.
  const seen = new Map<string, bigint>()

  // A header that cannot be sent is the caller's mistake and is thrown here, not tried again.
  const headers = async (more: Readonly<Record<string, string>>) =>
    new Headers({
      authorization: `Bearer ${typeof options.token === 'function' ? await options.token() : options.token}`,
      ...(options.purpose ? { 'jinbao-purpose': encodeURIComponent(options.purpose) } : {}),
      ...(options.language ? { 'accept-language': options.language } : {}),
      ...(seen.size > 0 ? { 'jinbao-at-least': [...seen].map(([service, at]) => `${service}:${at}`).join(',') } : {}),
      ...more,
    })
  const deliver = async (sending: Omit<Sending, 'attempts' | 'timeoutMs'> & { timeoutMs?: number }) => {
    const received = await send({ attempts, timeoutMs, ...sending })
    remember(received)
    return received
  }
  const remember = (received: Received) => {
    for (const part of received.headers.get('jinbao-at-least')?.split(',') ?? []) {
      const [service = '', at = ''] = part.trim().split(':')
      if (/^\d+$/.test(at) && BigInt(at) > (seen.get(service) ?? -1n)) seen.set(service, BigInt(at))
    }
  }

  const call: Client['call'] = async (name, request, { key, validateOnly = false, signal } = {}) => {
    const { verb, path, command } = routes[name]
    const { target, rest } = intoPath(path, request as Readonly<Record<string, unknown>>)
    const asks = verb === 'GET'
    const query = new URLSearchParams(asks ? rest.flatMap(([field, value]) => pairs(field, value)) : [])
    if (validateOnly) query.set('validateOnly', 'true')
    const { text } = await deliver({
      url: `${url}${target}${query.size > 0 ? `?${query}` : ''}`,
      method: verb,
      headers: await headers({
        ...(asks ? {} : { 'content-type': 'application/json' }),
        ...(command ? { 'idempotency-key': key ?? randomUUID() } : {}),
      }),
      ...(asks ? {} : { body: JSON.stringify(Object.fromEntries(rest)) }),
      signal,
    })
    return JSON.parse(text)
  }

  return {
    call,
    async *pages(name, request, callOptions) {
      let pageToken = ''
      do {
        const answer = await call(name, { ...request, ...(pageToken ? { pageToken } : {}) }, callOptions)
        yield answer
        pageToken = (answer as { nextPageToken?: string }).nextPageToken ?? ''
      } while (pageToken)
    },
    async upload(kind, bytes, { fields = {}, allOrNothing = false, validateOnly = false, key, signal } = {}) {
      const query = new URLSearchParams(fields)
      if (allOrNothing) query.set('allOrNothing', 'true')
      if (validateOnly) query.set('validateOnly', 'true')
      const asked = {
        url: `${url}/v1/imports/${encodeURIComponent(kind)}${query.size > 0 ? `?${query}` : ''}`,
        method: 'POST',
        headers: await headers({
          'content-type': mediaTypeOf(bytes),
          ...(key === undefined ? {} : { 'idempotency-key': key }),
        }),
        body: bytes,
        timeoutMs: UPLOAD_TIMEOUT_MS,
        signal,
      }
      return readReport(() => deliver(asked))
    },
  }
}

function intoPath(path: string, request: Readonly<Record<string, unknown>>) {
  const used = new Set<string>()
  const target = path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = request[name]
    if ((typeof value !== 'string' && typeof value !== 'number') || value === '')
      throw new TypeError(`${path} needs ${name}`)
    used.add(name)
    return encodeURIComponent(value)
  })
  return { target, rest: Object.entries(request).filter(([name, value]) => value !== undefined && !used.has(name)) }
}

const pairs = (field: string, value: unknown): string[][] =>
  Array.isArray(value) ? value.map((one) => [field, String(one)]) : [[field, String(value)]]
