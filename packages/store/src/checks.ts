import { Problem } from '@jinbao/core'
import type { NewEvent, StreamAppend } from './port.ts'

/** Events of one append at most: so many are written in one turn of the event loop, in 15 to 30 ms. */
export const MAX_EVENTS = 2_000
/** Characters of one append's data and metadata at most. */
export const MAX_CHARACTERS = 4_000_000
const MAX_NAME = 200

export interface Weight {
  readonly events: number
  readonly characters: number
}

const invalid = (reason: string, message: string) => new Problem('INVALID_ARGUMENT', reason, message)
const shown = (text: string) => JSON.stringify(text.slice(0, 40))

/** Readable, and given back by every engine as it went in. */
const isName = (text: string) =>
  text !== '' && text.length <= MAX_NAME && text.isWellFormed() && !/^\s|\s$|\p{Cc}/u.test(text)

function weightOf(event: NewEvent): number {
  if (!isName(event.id)) throw invalid('EVENT_ID', `not an event id: ${shown(event.id)}`)
  if (!isName(event.type)) throw invalid('EVENT_TYPE', `not an event type: ${shown(event.type)}`)
  if (!event.data.isWellFormed()) throw invalid('EVENT_DATA', `event ${event.id} holds half a character`)
  let characters = event.data.length
  for (const [key, value] of Object.entries(event.meta)) {
    if (typeof value !== 'string') throw invalid('EVENT_META', `metadata ${shown(key)} is not text`)
    characters += key.length + value.length
  }
  return characters
}

/** What no adapter takes: a nameless or reserved stream, an empty or oversized append. Throws Problem. */
export function checkAppends(appends: readonly StreamAppend[]): Weight {
  let events = 0
  let characters = 0
  if (appends.length === 0) throw invalid('EMPTY_APPEND', 'nothing to append')
  for (const { stream, events: list } of appends) {
    if (!isName(stream) || stream.startsWith('$')) throw invalid('STREAM_NAME', `not a stream name: ${shown(stream)}`)
    if (list.length === 0) throw invalid('EMPTY_APPEND', `nothing to append to ${stream}`)
    events += list.length
    for (const event of list) characters += weightOf(event)
  }
  if (events > MAX_EVENTS) throw invalid('APPEND_TOO_LARGE', `${events} events in one append; at most ${MAX_EVENTS}`)
  if (characters > MAX_CHARACTERS)
    throw invalid('APPEND_TOO_LARGE', `${characters} characters in one append; at most ${MAX_CHARACTERS}`)
  return { events, characters }
}

export const closedProblem = () => new Problem('UNAVAILABLE', 'STORE_CLOSED', 'the event store is closed')

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
