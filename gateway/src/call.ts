// Headers -> what travels beside the request.
import { hash } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import type { Call, Principal } from '@jinbao/rpc'
import type { Limits } from './options.ts'
import { refusal } from './problem.ts'
import { newCommandId } from './traceContext.ts'

const header = (headers: IncomingHttpHeaders, name: string): string | undefined => {
  const value = headers[name]
  return typeof value === 'string' && value !== '' ? value : undefined
}

const malformed = (name: string, message: string) =>
  refusal('MALFORMED_HEADER', { fields: [{ field: name, reason: 'MALFORMED_HEADER', message }] })

export function bearerOf(headers: IncomingHttpHeaders): string | undefined {
  const value = headers.authorization
  return value && /^bearer /i.test(value) ? value.slice(7).trim() : undefined
}

/** A principal with the purpose the caller names; free text, percent-encoded when it is not ASCII. */
export function withPurpose(principal: Principal, headers: IncomingHttpHeaders): Principal {
  const given = header(headers, 'jinbao-purpose')
  if (given === undefined) return principal
  if (given.length > 600) throw malformed('jinbao-purpose', 'must not be longer than 600 characters')
  try {
    return { ...principal, purpose: decodeURIComponent(Buffer.from(given, 'latin1').toString('utf8')) }
  } catch {
    throw malformed('jinbao-purpose', 'must be percent-encoded UTF-8')
  }
}

const units: Readonly<Record<string, number>> = { H: 3_600_000, M: 60_000, S: 1_000, m: 1, u: 0.001, n: 0.000001 }

export function deadlineOf(headers: IncomingHttpHeaders, now: number, limits: Limits): number {
  const ours = header(headers, 'jinbao-timeout')
  const grpc = header(headers, 'grpc-timeout')
  if (ours === undefined && grpc === undefined) return now + limits.defaultDeadlineMs
  const [, digits, unit] = /^(\d{1,8})([HMSmun])?$/.exec(ours ?? grpc ?? '') ?? []
  if (digits === undefined || (ours === undefined) !== (unit !== undefined))
    throw ours === undefined
      ? malformed('grpc-timeout', 'must be up to 8 digits and one of H M S m u n')
      : malformed('jinbao-timeout', 'must be milliseconds, up to 8 digits')
  const ms = Math.trunc(Number(digits) * (units[unit ?? 'm'] ?? 1))
  return now + Math.min(ms, limits.maxDeadlineMs)
}

const MAX_KEY = 255

/** The caller's key belongs to the caller: two callers may use the same one. */
export function commandOf(
  headers: IncomingHttpHeaders,
  subject: string,
  path: string,
  request: Uint8Array,
): Pick<Call, 'commandId' | 'commandDigest'> {
  const key = header(headers, 'idempotency-key')
  if (key === undefined) return { commandId: newCommandId() }
  if (key.length > MAX_KEY) throw malformed('idempotency-key', `must not be longer than ${MAX_KEY} characters`)
  return keyed(subject, key, path, request)
}

export function keyed(subject: string, key: string, path: string, request: Uint8Array) {
  // Lengths in front: no two pairs of subject and key run together into the same text.
  return {
    commandId: hash('sha256', `${subject.length}:${subject}:${key}`, 'base64url'),
    commandDigest: hash('sha256', Buffer.concat([Buffer.from(`${path}\n`), request]), 'base64url'),
  }
}

export function validateOnly(headers: IncomingHttpHeaders, query: string | undefined): boolean {
  const text = query ?? header(headers, 'jinbao-validate-only') ?? 'false'
  if (text !== 'true' && text !== 'false' && text !== '') throw malformed('validateOnly', 'must be true or false')
  return text === 'true' || (text === '' && query !== undefined)
}

export function atLeastOf(headers: IncomingHttpHeaders): string | undefined {
  const value = header(headers, 'jinbao-at-least')
  if (value === undefined) return undefined
  if (!/^[a-z0-9_]+:\d+(,\s*[a-z0-9_]+:\d+)*$/.test(value))
    throw malformed('jinbao-at-least', 'must be service:position, several divided by commas')
  return value
}
