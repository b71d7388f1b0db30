// The server side of a unary call without its wire: finds the method, sheds load, verifies the caller, bounds the time,
// hides defects, drains. server.ts and inprocess.ts both stand on it, so that both behave alike.
import { Problem } from '@jinbao/core'
import { annotate, duration, log, SpanKind, span, traceparent } from '@jinbao/telemetry'
import { timeBox } from './deadline.ts'
import type { Call, Definition, Handlers, Method, Principal } from './port.ts'
import { platformProblem } from './status.ts'

/** A definition with its handlers, types erased; made by `served`. */
export interface Served {
  readonly definition: Definition
  readonly handlers: Readonly<Record<string, (request: unknown, call: Call) => Promise<unknown>>>
}

/** Binds handlers to their definition; a missing or mistyped handler does not compile. */
export function served<D extends Definition>(definition: D, handlers: Handlers<D>): Served {
  return { definition, handlers: handlers as unknown as Served['handlers'] }
}

export interface Limits {
  /** Calls running at once; more are shed. */
  readonly concurrency: number
  readonly messageBytes: number
  /** For callers that name no deadline. */
  readonly defaultDeadlineMs: number
  /** A later deadline is shortened to this. */
  readonly maxDeadlineMs: number
  /** What a shed caller is told to wait. */
  readonly retryAfterMs: number
}

export const defaultLimits: Limits = {
  concurrency: 512,
  messageBytes: 16 * 1024 * 1024,
  defaultDeadlineMs: 10_000,
  maxDeadlineMs: 600_000,
  retryAfterMs: 500,
}

export interface DispatchOptions {
  readonly services: readonly Served[]
  /** Verifies the bearer token; throws UNAUTHENTICATED. */
  readonly authenticate?: (token: string) => Promise<Principal>
  /** Throws PERMISSION_DENIED; `request` is the decoded message. */
  readonly authorize?: (path: string, principal: Principal, request: unknown) => Promise<void> | void
  readonly limits?: Partial<Limits>
}

/** What came with a request: a Call, but for what the transport could not know. */
export type Incoming = Partial<Omit<Call, 'signal'>> & { readonly signal: AbortSignal; readonly purpose?: string }

export interface Dispatcher {
  readonly limits: Limits
  readonly running: number
  unary(path: string, request: Uint8Array, incoming: Incoming): Promise<Buffer>
  /** Takes no new calls and resolves when the running ones are done. */
  drain(): Promise<void>
}

type Entry = { readonly method: Method; readonly handle: (request: unknown, call: Call) => Promise<unknown> }

const seconds = duration('jinbao_rpc_server_duration_seconds', 'Time a call took on the server')

export function dispatcher(options: DispatchOptions): Dispatcher {
  const limits: Limits = { ...defaultLimits, ...options.limits }
  const methods = entries(options.services)
  let running = 0
  let draining = false
  const idle = Promise.withResolvers<void>()

  const done = () => {
    running -= 1
    if (draining && running === 0) idle.resolve()
  }

  return {
    limits,
    get running() {
      return running
    },
    async unary(path, request, incoming) {
      const entry = methods.get(path)
      if (!entry) throw platformProblem('UNIMPLEMENTED')
      if (draining) throw platformProblem('UNAVAILABLE', 'DRAINING', { retryAfterMs: limits.retryAfterMs })
      if (running >= limits.concurrency)
        throw platformProblem('RESOURCE_EXHAUSTED', 'OVERLOADED', { retryAfterMs: limits.retryAfterMs })
      if (request.byteLength > limits.messageBytes) throw platformProblem('RESOURCE_EXHAUSTED', 'MESSAGE_TOO_LARGE')
      const latest = Date.now() + limits.maxDeadlineMs
      const deadline = Math.min(incoming.deadline ?? Date.now() + limits.defaultDeadlineMs, latest)
      const box = timeBox(deadline, incoming.signal)
      box.signal.throwIfAborted()
      running += 1
      const work = traced(path, incoming, () =>
        perform(options, entry, request, { ...incoming, deadline, signal: box.signal }),
      )
      // The slot is held until the handler really ends, also when the caller has already been told the time is up.
      work.then(done, done)
      try {
        return await Promise.race([work, box.over])
      } finally {
        box.close()
      }
    },
    drain() {
      draining = true
      if (running === 0) idle.resolve()
      return idle.promise
    },
  }
}

function entries(services: readonly Served[]): Map<string, Entry> {
  const methods = new Map<string, Entry>()
  for (const { definition, handlers } of services)
    for (const [name, method] of Object.entries(definition)) {
      const handle = handlers[name]
      if (!handle) throw new Error(`no handler for ${method.path}`)
      methods.set(method.path, { method, handle: handle.bind(handlers) })
    }
  return methods
}

type Bounded = Incoming & { readonly deadline: number }

async function perform(options: DispatchOptions, entry: Entry, bytes: Uint8Array, incoming: Bounded): Promise<Buffer> {
  const principal = await verified(options, incoming)
  const request = decoded(entry.method, bytes)
  await options.authorize?.(entry.method.path, principal, request)
  incoming.signal.throwIfAborted()
  const { purpose: _, traceparent: given, ...rest } = incoming
  const trace = traceparent() ?? given
  const call: Call = { ...rest, principal, ...(trace ? { traceparent: trace } : {}) }
  return entry.method.responseSerialize((await entry.handle(request, call)) as never)
}

async function verified({ authenticate }: DispatchOptions, incoming: Incoming): Promise<Principal> {
  const known = authenticate ? await byToken(authenticate, incoming.token) : incoming.principal
  if (!known) throw platformProblem('UNAUTHENTICATED', 'TOKEN_MISSING')
  const purpose = incoming.purpose ?? incoming.principal?.purpose
  return purpose === undefined ? known : { ...known, purpose }
}

function byToken(authenticate: (token: string) => Promise<Principal>, token: string | undefined): Promise<Principal> {
  if (!token) throw platformProblem('UNAUTHENTICATED', 'TOKEN_MISSING')
  return authenticate(token)
}

function decoded(method: Method, bytes: Uint8Array): unknown {
  try {
    return method.requestDeserialize(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength))
  } catch {
    // The decoder's text can quote the bytes, which may be personal data.
    throw new Problem('INVALID_ARGUMENT', 'MALFORMED_REQUEST', 'the request is not a valid message', {
      service: 'jinbao',
      zh: '请求格式错误',
    })
  }
}

function traced(path: string, incoming: Incoming, work: () => Promise<Buffer>): Promise<Buffer> {
  const started = performance.now()
  const parent = incoming.traceparent === undefined ? {} : { parent: incoming.traceparent }
  const attributes = { 'rpc.system': 'grpc', 'rpc.method': path.slice(1) }
  return span(path.slice(1), { kind: SpanKind.SERVER, attributes, ...parent }, async () => {
    let code = 'OK'
    try {
      return await work()
    } catch (error) {
      const problem = expected(error, path, incoming.signal)
      code = problem.code
      throw problem
    } finally {
      annotate({ 'rpc.response.status_code': code })
      seconds.record((performance.now() - started) / 1000, { method: path.slice(1), code })
    }
  })
}

/** The Problem itself; a defect becomes an INTERNAL without text, and is logged here with its stack and trace id. */
function expected(error: unknown, path: string, signal: AbortSignal): Problem {
  if (error instanceof Problem && error.code !== 'INTERNAL') return error
  if (signal.aborted && signal.reason instanceof Problem) return signal.reason
  log.error({ err: error, rpc: path }, 'defect in a handler')
  const trace = traceparent()?.split('-')[1]
  return platformProblem('INTERNAL', 'INTERNAL', trace ? { values: { traceId: trace } } : {})
}
