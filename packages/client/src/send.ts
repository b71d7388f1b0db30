// One request with its retries. Commands carry a key, so repeating one that may have arrived does nothing twice.
import { setTimeout as pause } from 'node:timers/promises'
import { type ApiProblem, problemOf, Unreachable } from './problem.ts'

export interface Sending {
  readonly url: string
  readonly method: string
  readonly headers: Headers
  readonly body?: string | Uint8Array<ArrayBuffer>
  readonly attempts: number
  readonly timeoutMs: number
  readonly signal?: AbortSignal | undefined
}

export interface Received {
  readonly text: string
  readonly headers: Headers
  readonly status: number
}

const FIRST_PAUSE_MS = 100
const LONGEST_PAUSE_MS = 10_000
const again: ReadonlySet<number> = new Set([429, 502, 503, 504])

/** Doubles each time; the half that chance adds keeps many callers from coming back at the same moment. */
function pauseOf(attempt: number, retryAfter: string | null): number {
  if (retryAfter && /^\d+$/.test(retryAfter)) return Math.min(Number(retryAfter) * 1_000, LONGEST_PAUSE_MS)
  const step = Math.min(FIRST_PAUSE_MS * 2 ** (attempt - 1), LONGEST_PAUSE_MS)
  return step / 2 + Math.random() * (step / 2)
}

async function once(sending: Sending): Promise<Received | Unreachable> {
  const { url, method, headers, body, timeoutMs, signal } = sending
  const limit = AbortSignal.timeout(timeoutMs)
  const init = {
    method,
    headers,
    signal: signal ? AbortSignal.any([signal, limit]) : limit,
    ...(body === undefined ? {} : { body }),
  }
  try {
    const response = await fetch(url, init)
    return { text: await response.text(), headers: response.headers, status: response.status }
  } catch (error) {
    if (signal?.aborted) throw error
    return new Unreachable(url, error)
  }
}

export async function send(sending: Sending): Promise<Received> {
  for (let attempt = 1; ; attempt++) {
    const received = await once(sending)
    const unreachable = received instanceof Unreachable
    if (!unreachable && received.status < 300) return received
    const worth = unreachable || again.has(received.status)
    if (!worth || attempt >= sending.attempts) throw unreachable ? received : refused(received, sending.url)
    const wait = pauseOf(attempt, unreachable ? null : received.headers.get('retry-after'))
    await pause(wait, undefined, { signal: sending.signal })
  }
}

const refused = ({ status, text }: Received, url: string): ApiProblem => problemOf(status, url, text)
