// Events are kept as proto JSON with a schema version. A service names its events once; types, codec and upcasters
// follow from that table.
import type { Codec, EventOf, EventTable, Versioned } from '@jinbao/core'
import { Meta, type NewEvent, type StoredEvent } from '@jinbao/store'

export type { Codec, EventOf, EventTable, Versioned }

/** An event as it travels: what was recorded, beside its decoded data. */
export interface Envelope<E = { readonly type: string; readonly data: unknown }> {
  readonly event: E
  readonly id: string
  readonly stream: string
  /** The stream's name without `<service>-<aggregate>-`. */
  readonly key: string
  readonly version: number
  readonly position: bigint
  readonly recordedAt: string
  readonly meta: Readonly<Record<string, string>>
}

const versioned = (entry: Codec<unknown> | Versioned<unknown>): Versioned<unknown> =>
  'codec' in entry ? entry : { codec: entry, schema: 1, upcast: {} }

export interface EventCodec<E> {
  readonly types: ReadonlySet<string>
  /** Schema version that a type is recorded with now. */
  schemaOf(type: string): number
  encode(event: E, id: string, meta: Readonly<Record<string, string>>): NewEvent
  /** Throws on a type that the table does not name. */
  decode(stored: StoredEvent): Envelope<E>
}

/** `a-b-<key>`: everything after the second dash. */
export function keyOf(stream: string): string {
  return stream.slice(stream.indexOf('-', stream.indexOf('-') + 1) + 1)
}

export function eventCodec<T extends EventTable>(table: T): EventCodec<EventOf<T>> {
  const entries = new Map(Object.entries(table).map(([type, entry]) => [type, versioned(entry)]))
  const entryOf = (type: string) => {
    const entry = entries.get(type)
    if (!entry) throw new Error(`event type ${type} is not in the table`)
    return entry
  }
  return {
    types: new Set(entries.keys()),
    schemaOf: (type) => entryOf(type).schema,
    encode(event, id, meta) {
      const { codec, schema } = entryOf(event.type)
      const data = JSON.stringify(codec.toJSON(event.data))
      return { id, type: event.type, data, meta: { ...meta, [Meta.schema]: String(schema) } }
    },
    decode(stored) {
      const { codec, schema, upcast } = entryOf(stored.type)
      let json = JSON.parse(stored.data) as Record<string, unknown>
      for (let at = Number(stored.meta[Meta.schema] ?? 1); at < schema; at++) json = upcast[at]!(json)
      const event = { type: stored.type, data: codec.fromJSON(json) } as EventOf<T>
      const { id, stream, version, position, recordedAt, meta } = stored
      return { event, id, stream, key: keyOf(stream), version, position, recordedAt, meta }
    },
  }
}
