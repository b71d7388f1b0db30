// The bus carries each service's published events to other services. Ordered by key (the stream), at least once. How
// far a consumer has come is the consumer's own business: it keeps the checkpoint beside what it made of the events.
import type { StoredEvent } from '@jinbao/store'

export interface Message {
  /** Service whose event it is. */
  readonly source: string
  readonly partition: number
  /** Position in the owner's store. */
  readonly position: bigint
  /** Position of the message before it on this partition, so that a consumer sees a gap; undefined for the first. */
  readonly previous: bigint | undefined
  readonly event: StoredEvent
}

export interface Consume {
  readonly source: string
  /** Who reads: `<service>-<purpose>`. Groups are independent of each other. */
  readonly group: string
  /** Last position handled on a partition; asked at the start and after every failure. */
  readonly after: (partition: number) => Promise<bigint | undefined>
  /** Waited for before the next batch. When it throws, the messages come again after a while. */
  readonly handle: (batch: readonly Message[]) => Promise<void>
}

export interface Consumer {
  /** Ends after the batch at hand. */
  close(): Promise<void>
}

export interface Bus {
  /** Where events must be sent on (a broker), the relay calls this in order; embedded, consumers read the store. */
  publish(source: string, messages: readonly Message[]): Promise<void>
  consume(consume: Consume): Promise<Consumer>
  close(): Promise<void>
}
