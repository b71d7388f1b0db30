// W3C Trace Context of a request: what came in if it is valid, else a trace of our own.
import { randomBytes } from 'node:crypto'

const form = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/
const zeros = /^0+$/

/** The caller's traceparent as version 00; undefined when it is malformed, all zero or of the forbidden version. */
export function validTraceparent(header: unknown): string | undefined {
  if (typeof header !== 'string') return undefined
  const parts = form.exec(header.trim())
  if (!parts) return undefined
  const [, version = '', traceId = '', parentId = '', flags = '', more] = parts
  if (version === 'ff' || zeros.test(traceId) || zeros.test(parentId)) return undefined
  if (version === '00' && more !== undefined) return undefined
  // Bits that this version does not define are not passed on.
  const known = (Number.parseInt(flags, 16) & 0x03).toString(16).padStart(2, '0')
  return `00-${traceId}-${parentId}-${known}`
}

let pool = randomBytes(0)
let used = 0
function randomHex(bytes: number): string {
  if (used + bytes > pool.length) {
    pool = randomBytes(4_096)
    used = 0
  }
  used += bytes
  return pool.toString('hex', used - bytes, used)
}

/** A trace nobody records; its id still ties answer, problem document and logs together. */
export const newTraceparent = (): string => `00-${randomHex(16)}-${randomHex(8)}-00`

export const newCommandId = (): string => randomHex(16)

export const traceIdOf = (traceparent: string): string => traceparent.slice(3, 35)
