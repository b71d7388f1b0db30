// Problem <-> google.rpc.Status, carried in the gRPC trailer `grpc-status-details-bin`.
import { type Code, Problem, type ProblemDetails } from '@jinbao/core'
import { BadRequest, ErrorInfo, RetryInfo } from '@jinbao/proto/google/rpc/error_details.ts'
import { Status } from '@jinbao/proto/google/rpc/status.ts'

const numbers: Readonly<Record<Code, number>> = {
  CANCELLED: 1,
  INVALID_ARGUMENT: 3,
  DEADLINE_EXCEEDED: 4,
  NOT_FOUND: 5,
  ALREADY_EXISTS: 6,
  PERMISSION_DENIED: 7,
  RESOURCE_EXHAUSTED: 8,
  FAILED_PRECONDITION: 9,
  ABORTED: 10,
  OUT_OF_RANGE: 11,
  UNIMPLEMENTED: 12,
  INTERNAL: 13,
  UNAVAILABLE: 14,
  UNAUTHENTICATED: 16,
}
const codes = new Map(Object.entries(numbers).map(([code, number]) => [number, code as Code]))

/** gRPC's number of a code. */
export const numberOf = (code: Code): number => numbers[code]
/** Code of gRPC's number; UNKNOWN and what is not in our list are defects of the other side. */
export const codeOf = (number: number): Code => codes.get(number) ?? 'INTERNAL'

/** Fixed sentences: a library's own text may name hosts, files or data, so it never reaches a caller. */
const sentences: Readonly<Partial<Record<Code, readonly [en: string, zh: string]>>> = {
  CANCELLED: ['the caller cancelled the call', '调用方已取消'],
  DEADLINE_EXCEEDED: ['the call took longer than its deadline', '处理超时'],
  RESOURCE_EXHAUSTED: ['the call is larger or more frequent than allowed', '请求过大或过于频繁'],
  UNAVAILABLE: ['the service cannot be reached now', '服务暂时不可用'],
  UNAUTHENTICATED: ['a valid token is needed', '需要有效的身份凭证'],
  PERMISSION_DENIED: ['this caller may not do that', '无权进行此操作'],
  UNIMPLEMENTED: ['no such operation', '没有此项操作'],
}

/** The platform's own problem of a code; reason = code unless a narrower one is given. */
export function platformProblem(code: Code, reason: string = code, details: ProblemDetails = {}): Problem {
  const [en, zh] = sentences[code] ?? ['', '']
  return new Problem(code, reason, en, { service: 'jinbao', ...(zh ? { zh } : {}), ...details })
}

const typeUrl = (name: string) => `type.googleapis.com/google.rpc.${name}`

/** Trailers must stay small (HTTP/2 peers refuse big header lists): field problems past this are counted, not sent. */
const MAX_FIELD_BYTES = 4_096

export function statusOf(problem: Problem): Status {
  const { details } = problem
  const { sent, leftOut } = fittingFields(details)
  const metadata: Record<string, string> = {}
  for (const key of ['rule', 'source', 'zh'] as const) if (details[key] !== undefined) metadata[key] = details[key]
  for (const [name, value] of Object.entries(details.values ?? {})) metadata[`value-${name}`] = value
  if (leftOut > 0) metadata['fields-left-out'] = String(leftOut)
  const service = details.service ?? 'jinbao'
  const domain = service === 'jinbao' ? 'jinbao' : `jinbao.${service}`
  const info = ErrorInfo.encode({ reason: problem.reason, domain, metadata }).finish()
  const status: Status = {
    code: numbers[problem.code],
    message: problem.message,
    details: [{ typeUrl: typeUrl('ErrorInfo'), value: Buffer.from(info) }],
  }
  if (sent.fieldViolations.length > 0)
    status.details.push({ typeUrl: typeUrl('BadRequest'), value: Buffer.from(BadRequest.encode(sent).finish()) })
  if (details.retryAfterMs !== undefined) {
    const ms = details.retryAfterMs
    const retryDelay = { seconds: BigInt(Math.trunc(ms / 1000)), nanos: Math.trunc(ms % 1000) * 1_000_000 }
    const value = Buffer.from(RetryInfo.encode({ retryDelay }).finish())
    status.details.push({ typeUrl: typeUrl('RetryInfo'), value })
  }
  return status
}

function fittingFields(details: ProblemDetails): { sent: BadRequest; leftOut: number } {
  const sent: BadRequest = { fieldViolations: [] }
  const fields = details.fields ?? []
  let bytes = 0
  for (const { field, reason, message } of fields) {
    bytes += Buffer.byteLength(field) + Buffer.byteLength(reason) + Buffer.byteLength(message) + 12
    if (bytes > MAX_FIELD_BYTES) break
    sent.fieldViolations.push({ field, reason, description: message, localizedMessage: undefined })
  }
  return { sent, leftOut: fields.length - sent.fieldViolations.length }
}

export function problemOf(status: Status): Problem {
  const code = codeOf(status.code)
  const details: { -readonly [K in keyof ProblemDetails]: ProblemDetails[K] } = {}
  let reason: string = code
  for (const { typeUrl: type, value } of status.details) {
    if (type === typeUrl('ErrorInfo')) {
      const info = ErrorInfo.decode(value)
      reason = info.reason
      details.service = info.domain.replace(/^jinbao\./, '')
      readMetadata(info.metadata, details)
    } else if (type === typeUrl('BadRequest')) {
      details.fields = BadRequest.decode(value).fieldViolations.map((violation) => ({
        field: violation.field,
        reason: violation.reason,
        message: violation.description,
      }))
    } else if (type === typeUrl('RetryInfo')) {
      const delay = RetryInfo.decode(value).retryDelay
      if (delay) details.retryAfterMs = Number(delay.seconds) * 1000 + Math.trunc(delay.nanos / 1_000_000)
    }
  }
  return new Problem(code, reason, status.message, details)
}

function readMetadata(
  metadata: Readonly<Record<string, string>>,
  details: { -readonly [K in keyof ProblemDetails]: ProblemDetails[K] },
): void {
  const values: Record<string, string> = {}
  for (const [key, value] of Object.entries(metadata)) {
    if (key === 'rule' || key === 'source' || key === 'zh') details[key] = value
    else if (key.startsWith('value-')) values[key.slice('value-'.length)] = value
    else if (key === 'fields-left-out') values.fieldsLeftOut = value
  }
  if (Object.keys(values).length > 0) details.values = values
}

export const encodeStatus = (problem: Problem): Buffer => Buffer.from(Status.encode(statusOf(problem)).finish())
export const decodeStatus = (bytes: Uint8Array): Problem => problemOf(Status.decode(bytes))
