import { Problem } from '@jinbao/core'
import type { StreamAppend } from './port.ts'

/** An append larger than this would hold up everybody else's. */
export const MAX_EVENTS = 2_000

/** What no adapter takes: a nameless or reserved stream, an empty or oversized append. Throws Problem. */
export function checkAppends(appends: readonly StreamAppend[]): void {
  let events = 0
  for (const { stream, events: list } of appends) {
    if (stream === '' || stream.startsWith('$') || stream.length > 200)
      throw new Problem('INVALID_ARGUMENT', 'STREAM_NAME', `not a stream name: ${JSON.stringify(stream.slice(0, 40))}`)
    if (list.length === 0) throw new Problem('INVALID_ARGUMENT', 'EMPTY_APPEND', `nothing to append to ${stream}`)
    events += list.length
  }
  if (events > MAX_EVENTS)
    throw new Problem('INVALID_ARGUMENT', 'APPEND_TOO_LARGE', `${events} events in one append; at most ${MAX_EVENTS}`)
}

/** The moment of recording never goes backwards, whatever the clock does. */
export function monotonic(clock: () => string, last = ''): () => string {
  let latest = last
  return () => {
    const now = clock()
    if (now > latest) latest = now
    return latest
  }
}

/** Milliseconds, always three digits, so that text order is time order. */
export const systemNow = (): string => new Date().toISOString()
