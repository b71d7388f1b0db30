// The one handler of all rpcs.
import type { Call, Transport } from '@jinbao/rpc'
import { annotate, duration, SpanKind, span, traceparent } from '@jinbao/telemetry'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { atLeastOf, commandOf, deadlineOf, validateOnly } from './call.ts'
import { OPERATIONS } from './descriptors.ts'
import { type Caller, problemFrom, sendProblem, setTrace, traceHeaders, traceOf } from './edge.ts'
import type { Guard } from './guard.ts'
import type { GatewayOptions, Limits } from './options.ts'
import { refusal, statusOf } from './problem.ts'
import type { Match, Router } from './router.ts'
import { type Read, type Route, readRequest, writeResponse } from './transcode.ts'
import type { Transports } from './transports.ts'

export type RouteTable = Router<Route>

export interface Serving {
  readonly options: GatewayOptions
  readonly limits: Limits
  readonly guard: Guard
  readonly transports: Transports
  readonly routes: RouteTable
}

interface Admitted {
  readonly match: Match<Route>
  readonly caller: Caller
}

declare module 'fastify' {
  interface FastifyRequest {
    admitted: Admitted | undefined
  }
}

const seconds = duration('jinbao_http_server_duration_seconds', 'Time a request took in the gateway, by route')

export function serve(app: FastifyInstance, serving: Serving): void {
  const { limits, guard, routes } = serving
  let running = 0

  app.route({
    method: ['GET', 'HEAD', 'PUT', 'POST', 'DELETE', 'PATCH'],
    url: '/*',
    // Before the body is read: what is refused here costs next to nothing.
    onRequest(request, reply, done) {
      const enter = (match: Match<Route>, caller: Caller) => {
        request.admitted = { match, caller }
        done()
      }
      try {
        const match = matchOf(routes, request, reply, limits)
        const caller = guard.admit(request, reply)
        if (caller instanceof Promise) caller.then((known) => enter(match, known)).catch(done)
        else enter(match, caller)
      } catch (error) {
        done(error as Error)
      }
    },
    async handler(request, reply) {
      const known = request.admitted as Admitted
      if (running >= limits.concurrency) throw refusal('OVERLOADED', { retryAfterMs: 500 })
      running += 1
      try {
        return await answer(serving, known, request, reply)
      } finally {
        running -= 1
      }
    },
  })
  app.setNotFoundHandler((request, reply) => {
    matchOf(routes, request, reply, limits)
  })
}

function matchOf(routes: RouteTable, request: FastifyRequest, reply: FastifyReply, limits: Limits): Match<Route> {
  if (request.url.length > limits.urlBytes) throw refusal('URL_TOO_LONG')
  const [path = ''] = request.url.split('?', 1)
  const match = routes.find(request.method === 'HEAD' ? 'GET' : request.method, path)
  if (match) return match
  const allowed = routes.verbs(path)
  if (allowed.length === 0) throw refusal('ROUTE_UNKNOWN')
  reply.header('allow', allowed.join(', '))
  throw refusal('METHOD_NOT_ALLOWED')
}

async function answer(serving: Serving, known: Admitted, request: FastifyRequest, reply: FastifyReply) {
  const started = performance.now()
  const { binding } = known.match.target
  const route = `${binding.verb} ${binding.template}`
  const attributes = { 'http.request.method': request.method, 'http.route': binding.template }
  const trace = traceOf(request)
  const parent = request.headers.traceparent === undefined ? {} : { parent: trace }
  let status = 200
  try {
    return await span(route, { kind: SpanKind.SERVER, attributes, ...parent }, async () => {
      const running = traceparent()
      if (running) setTrace(request, running)
      const text = await transcoded(serving, known, request, reply).catch((error: unknown) => {
        const problem = problemFrom(error, route)
        status = statusOf(problem)
        annotate({ 'http.response.status_code': status })
        throw problem
      })
      traceHeaders(reply, traceOf(request))
      return reply.header('content-type', 'application/json; charset=utf-8').send(text)
    })
  } catch (error) {
    return sendProblem(problemFrom(error, route), request, reply)
  } finally {
    seconds.record((performance.now() - started) / 1000, { route, status })
  }
}

async function transcoded(serving: Serving, known: Admitted, request: FastifyRequest, reply: FastifyReply) {
  const { match, caller } = known
  const route = match.target
  const question = request.url.indexOf('?')
  const read = readRequest(route, {
    values: match.values,
    search: question < 0 ? '' : request.url.slice(question + 1),
    body: request.body,
    maxPage: serving.limits.pageSize,
  })
  const transport = transportOf(serving, route, read, caller)
  const call = callOf(serving, route, read, caller, request, reply)
  const { text, position } = writeResponse(route, await transport.unary(route.rpc.path, read.bytes, call))
  if (position) reply.header('jinbao-at-least', position)
  return text
}

function transportOf({ transports }: Serving, { rpc }: Route, { message }: Read, { principal }: Caller): Transport {
  if (rpc.service !== OPERATIONS) {
    const transport = transports.of(rpc.service)
    if (transport) return transport
    throw refusal('SERVICE_UNKNOWN')
  }
  // Every service checks this again; here it keeps service names from being tried out.
  if (!principal.roles.includes('operator')) throw refusal('OPERATOR_ONLY')
  const asked = (message as unknown as { service?: unknown }).service
  const transport = typeof asked === 'string' ? transports.of(asked) : undefined
  if (!transport) throw refusal('SERVICE_UNKNOWN')
  return transport
}

function callOf(
  { options, limits }: Serving,
  route: Route,
  read: Read,
  { principal, token }: Caller,
  request: FastifyRequest,
  reply: FastifyReply,
): Call {
  const { headers } = request
  const abort = new AbortController()
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) abort.abort()
  })
  const dry = validateOnly(headers, read.validateOnly)
  const atLeast = atLeastOf(headers)
  return {
    principal,
    token,
    deadline: deadlineOf(headers, (options.clock ?? Date.now)(), limits),
    signal: abort.signal,
    traceparent: traceOf(request),
    // A dry run decides nothing, so it uses up no key.
    ...(route.rpc.question || dry ? {} : commandOf(headers, principal.subject, route.rpc.path, read.bytes)),
    ...(dry ? { validateOnly: true } : {}),
    ...(atLeast === undefined ? {} : { atLeast }),
  }
}
