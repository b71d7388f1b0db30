// The event-store port. Adapters: memory.ts, sqlite.ts (embedded default), later postgres.ts and kurrentdb.ts.
// What every adapter must hold is contract.ts, one suite for all.

/** An event to append. `data` is proto JSON text; its bytes never change once stored. */
export interface NewEvent {
  /** Unique id; a retried append carries the same ids. */
  readonly id: string
  readonly type: string
  readonly data: string
  /** Flat map of strings (KurrentDB allows no more). Keys: see Meta. */
  readonly meta: Readonly<Record<string, string>>
}

/** A stored event. */
export interface StoredEvent extends NewEvent {
  readonly stream: string
  /** 0 for the first event of its stream. */
  readonly version: number
  /** Global, growing, opaque: compare and keep it, never calculate with it. */
  readonly position: bigint
  /** Moment of recording, ISO 8601 in UTC, never before that of the event with the position before it. */
  readonly recordedAt: string
}

/** Version the stream must have: its last event's, or none. */
export type Expected = number | 'NO_STREAM' | 'ANY'

export interface StreamAppend {
  /** `<service>-<aggregate>-<id>`; never starts with `$`. */
  readonly stream: string
  readonly expected: Expected
  readonly events: readonly NewEvent[]
}

export interface Appended {
  /** Version of each stream after the append, in the order given. */
  readonly versions: readonly number[]
  /** Position of the last event written; for a repeated append the position it was written at. */
  readonly position: bigint
}

export interface ReadOptions {
  /** Lowest version to read, in both directions; default 0. */
  readonly from?: number
  /** Default: all. */
  readonly limit?: number
  readonly backwards?: boolean
}

export interface Subscription extends AsyncIterable<readonly StoredEvent[]> {
  close(): void
}

export interface Store {
  /** Events of one stream in order; empty when there is no such stream. */
  read(stream: string, options?: ReadOptions): Promise<readonly StoredEvent[]>
  /** Events of all streams after a position (undefined: from the start), in global order, at most `limit`. */
  readAll(after: bigint | undefined, limit: number): Promise<readonly StoredEvent[]>
  /**
   * Appends to one stream. Durable when it answers. Throws WrongVersion and writes nothing when the stream is not
   * at the expected version, unless the very same event ids stand there already: then it answers as the first time.
   * With ANY a repetition is recognized only while nothing else was written after it: retry with a version.
   */
  append(stream: string, expected: Expected, events: readonly NewEvent[]): Promise<Appended>
  /** All or nothing over several streams, in the order given. Limits of one append: MAX_EVENTS, MAX_CHARACTERS. */
  appendMany(appends: readonly StreamAppend[]): Promise<Appended>
  /**
   * All events after a position in batches of at most `batch` (default 1,000), then live ones as they are written;
   * none lost, none twice, in order. Ends when it or the store is closed.
   */
  subscribe(after: bigint | undefined, options?: { readonly batch?: number }): Subscription
  /** Position of the last event, undefined in an empty store. */
  head(): Promise<bigint | undefined>
  /** Finishes what is under way and ends subscriptions; later calls throw STORE_CLOSED. */
  close(): Promise<void>
}

/** Another writer was first: read the tail and decide again. */
export class WrongVersion extends Error {
  readonly stream: string
  readonly expected: Expected
  /** -1 when the stream does not exist. */
  readonly actual: number

  constructor(stream: string, expected: Expected, actual: number) {
    super(`${stream} is at version ${actual}, expected ${expected}`)
    this.name = 'WrongVersion'
    this.stream = stream
    this.expected = expected
    this.actual = actual
  }
}

/** Metadata keys on every event. */
export const Meta = {
  /** Version of the event's schema, for upcasters. */
  schema: 'schema',
  commandId: 'commandId',
  /** Digest of the command's body: the same id with another body is refused. */
  commandDigest: 'commandDigest',
  /** Id of the event or command that caused this one. */
  causation: 'causation',
  /** Id of the first cause. */
  correlation: 'correlation',
  traceparent: 'traceparent',
  actor: 'actor',
  region: 'region',
} as const
