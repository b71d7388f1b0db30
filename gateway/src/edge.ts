// What a request carries through the gateway, and the one place where an error becomes an answer.
import { Problem } from '@jinbao/core'
import type { Principal } from '@jinbao/rpc'
import { log } from '@jinbao/telemetry'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { platformProblem, prefersChinese, problemDocument, refusal } from './problem.ts'
import { newTraceparent, traceIdOf, validTraceparent } from './traceContext.ts'

/** Who asks, once the guard has looked. */
export interface Caller {
  readonly principal: Principal
  readonly token: string
}

declare module 'fastify' {
  interface FastifyRequest {
    /** traceparent, once it is settled; a property, because a WeakMap costs a collection for each request. */
    settledTrace: string
  }
}

/** traceparent of the request: the running span's, else the caller's, else one of our own. */
export function traceOf(request: FastifyRequest): string {
  // Framework errors come with a request that has no decorations yet.
  request.settledTrace ||= validTraceparent(request.headers.traceparent) ?? newTraceparent()
  return request.settledTrace
}

export function setTrace(request: FastifyRequest, traceparent: string): void {
  request.settledTrace = traceparent
}

/** JSON as it was sent; what its keys mean is the descriptors' business. */
export function parseJson(text: string | Buffer, done: (error: Error | null, body?: unknown) => void): void {
  let body: unknown
  try {
    body = text.length === 0 ? undefined : JSON.parse(String(text))
  } catch {
    done(refusal('MALFORMED_JSON'))
    return
  }
  done(null, body)
}

const fastifyErrors: Readonly<Record<string, Parameters<typeof refusal>[0]>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'BODY_TOO_LARGE',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'MEDIA_TYPE_UNKNOWN',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'MALFORMED_REQUEST',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'MALFORMED_JSON',
  FST_ERR_BAD_URL: 'MALFORMED_URL',
  FST_ERR_MAX_PARAM_LENGTH: 'URL_TOO_LONG',
}

/** The Problem an error stands for; a defect is logged here and becomes one without text. */
export function problemFrom(error: unknown, where: string): Problem {
  if (error instanceof Problem && error.code !== 'INTERNAL') return error
  if (error instanceof Problem) return platformProblem('INTERNAL') // logged by the service, with the same trace id
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  const known = fastifyErrors[code]
  if (known) return refusal(known)
  if (error instanceof URIError) return refusal('MALFORMED_URL')
  // The other side hung up while it was still sending.
  if (code === 'ECONNRESET' || code === 'ERR_STREAM_PREMATURE_CLOSE') return platformProblem('CANCELLED')
  const status = error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : 500
  if (code.startsWith('FST_') && status < 500) return refusal('MALFORMED_REQUEST')
  log.error({ err: error, route: where }, 'defect in the gateway')
  return platformProblem('INTERNAL')
}

export function errorHandler(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const problem = problemFrom(error, request.routeOptions?.url ?? '')
  return sendProblem(problem, request, reply)
}

export function sendProblem(problem: Problem, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const trace = traceOf(request)
  const zh = prefersChinese(request.headers['accept-language'])
  const [path = ''] = request.url.split('?', 1)
  const document = problemDocument(problem, path.slice(0, 500), traceIdOf(trace), zh)
  const { retryAfterMs } = problem.details
  if (retryAfterMs !== undefined) reply.header('retry-after', String(Math.max(1, Math.ceil(retryAfterMs / 1000))))
  if (document.status === 503 && retryAfterMs === undefined) reply.header('retry-after', '1')
  if (document.status === 401) reply.header('www-authenticate', challenge(problem))
  return traceHeaders(reply, trace)
    .code(document.status)
    .header('content-type', 'application/problem+json; charset=utf-8')
    .header('content-language', zh ? 'zh-CN' : 'en')
    .header('cache-control', 'no-store')
    .send(JSON.stringify(document))
}

/** RFC 6750: without a token no error is named. */
const challenge = ({ reason }: Problem) =>
  reason === 'TOKEN_MISSING'
    ? 'Bearer realm="jinbao"'
    : `Bearer realm="jinbao", error="invalid_token", error_description="${reason}"`

export function traceHeaders(reply: FastifyReply, trace: string): FastifyReply {
  return reply.header('traceparent', trace).header('jinbao-trace-id', traceIdOf(trace))
}
