/** What ts-proto makes of a message, as far as events need it. */
export interface Codec<T> {
  fromJSON(object: unknown): T
  toJSON(message: T): unknown
}

/** A codec whose message changed so that old stored JSON must be lifted, one step a schema version. */
export interface Versioned<T> {
  readonly codec: Codec<T>
  /** Version written now; a plain codec is 1. */
  readonly schema: number
  /** `upcast[n]` lifts JSON of version n to n+1. */
  readonly upcast: Readonly<Record<number, (json: Record<string, unknown>) => Record<string, unknown>>>
}

/** The events of an aggregate: each type's name with its message. */
export type EventTable = Readonly<Record<string, Codec<unknown> | Versioned<unknown>>>

type MessageOf<C> = C extends Versioned<infer T> ? T : C extends Codec<infer T> ? T : never

/** Union of `{ type, data }` over a table of events. */
export type EventOf<T extends EventTable> = {
  [K in keyof T & string]: { readonly type: K; readonly data: MessageOf<T[K]> }
}[keyof T & string]
