// Somebody's events become our commands, with exactly-once effect: the commands' events and the checkpoint are one
// append. A refusal is recorded and the topic goes on; a defect is tried again, then parked for an operator.
import { randomUUID } from 'node:crypto'
import type { Bus, Message } from '@jinbao/bus'
import { Problem } from '@jinbao/core'
import { Checkpointed, ParkedReplayed, ReactionParked, ReactionRefused } from '@jinbao/proto/operations/v1/events.ts'
import { Meta, type Store, type StoredEvent, type StreamAppend } from '@jinbao/store'
import { log, SpanKind, span, traceparent } from '@jinbao/telemetry'
import { type Reaction, type ReactionContext, serviceActor } from './define.ts'
import { type EventOf, eventCodec } from './events.ts'
import { type Handler, type Item, MAX_ORDERS, type OrderOutcome } from './handle.ts'

const inboxEvents = { Checkpointed, ReactionRefused, ReactionParked, ParkedReplayed }
type InboxEvent = EventOf<typeof inboxEvents>
const inboxCodec = eventCodec(inboxEvents)

const ATTEMPTS = 4
const FIRST_WAIT_MS = 50
/** Orders gathered before an append; a single event may bring more and is then split. */
const GATHER = 500
/** Notes read at once when looking for the checkpoint. */
const PAGE = 100

export interface ParkedEntry {
  readonly source: string
  readonly eventId: string
  readonly eventType: string
  readonly position: string
  readonly reason: string
  readonly message: string
  readonly refused: boolean
}

export class Reactions {
  readonly #service: string
  readonly #source: string
  readonly #bus: Bus
  readonly #store: Store
  readonly #handler: Handler
  readonly #reactions: ReadonlyMap<string, readonly Reaction[]>
  readonly #context: () => ReactionContext
  readonly #ready: (signal: AbortSignal) => Promise<void>
  readonly #closing = new AbortController()
  #version = -1
  #position: bigint | undefined
  /** Last position looked at, also where nothing reacted. */
  seen: bigint | undefined
  #close: (() => Promise<void>) | undefined

  constructor(
    deps: {
      service: string
      bus: Bus
      store: Store
      handler: Handler
      context: () => ReactionContext
      /** Resolves when the service's own views hold all that it has recorded: reactions look things up there. */
      ready?: (signal: AbortSignal) => Promise<void>
    },
    source: string,
    reactions: readonly Reaction[],
  ) {
    this.#service = deps.service
    this.#source = source
    this.#bus = deps.bus
    this.#store = deps.store
    this.#handler = deps.handler
    this.#context = deps.context
    this.#ready = deps.ready ?? (async () => {})
    this.#reactions = Map.groupBy(reactions, (reaction) => reaction.type)
  }

  get #inbox(): string {
    return `${this.#service}-inbox-${this.#source}`
  }

  async start(): Promise<void> {
    await this.#reload()
    this.seen = this.#position
    const consumer = await this.#bus.consume({
      source: this.#source,
      group: `${this.#service}-reactions`,
      after: async () => this.#position,
      handle: (batch) => this.#take(batch),
    })
    this.#close = () => consumer.close()
  }

  async close(): Promise<void> {
    this.#closing.abort()
    await this.#close?.()
  }

  /** Events set aside and not yet replayed, and refused reactions, oldest first. */
  async parked(): Promise<ParkedEntry[]> {
    const entries = new Map<string, ParkedEntry>()
    for (const stored of await this.#store.read(this.#inbox)) {
      const { event } = inboxCodec.decode(stored)
      if (event.type === 'ParkedReplayed')
        for (const key of [...entries.keys()])
          if (key === event.data.eventId || key.startsWith(`${event.data.eventId} `)) entries.delete(key)
      if (event.type === 'ReactionParked')
        entries.set(
          event.data.eventId,
          this.#entry(event.data, event.data.error, `${event.data.attempts} attempts`, false),
        )
      if (event.type === 'ReactionRefused')
        entries.set(
          `${event.data.eventId} ${event.data.stream}`,
          this.#entry(event.data, event.data.reason, event.data.message, true),
        )
    }
    return [...entries.values()]
  }

  /**
   * Handles a parked or refused event again; false when it is neither. What was done of it is not done twice; what is
   * refused again stays in the list. A defect is thrown.
   */
  async replay(eventId: string, find: (position: bigint) => Promise<StoredEvent | undefined>): Promise<boolean> {
    const entry = (await this.parked()).find((one) => one.eventId === eventId)
    if (!entry) return false
    const stored = await find(BigInt(entry.position))
    if (!stored || stored.id !== eventId) throw new Error(`event ${eventId} is not at its position any more`)
    const items = await this.#items(stored)
    await this.#append(items, (outcomes) => [
      { type: 'ParkedReplayed', data: { position: entry.position, eventId } },
      ...this.#refusals(stored, items, outcomes),
    ])
    return true
  }

  #entry(
    data: { eventId: string; eventType: string; position: string },
    reason: string,
    message: string,
    refused: boolean,
  ): ParkedEntry {
    return {
      source: this.#source,
      eventId: data.eventId,
      eventType: data.eventType,
      position: data.position,
      reason,
      message,
      refused,
    }
  }

  async #reload(): Promise<void> {
    const [last] = await this.#store.read(this.#inbox, { backwards: true, limit: 1 })
    this.#version = last?.version ?? -1
    for (let limit = PAGE; ; limit *= 10) {
      const notes = await this.#store.read(this.#inbox, { backwards: true, limit })
      const furthest = furthestOf(notes.map((stored) => inboxCodec.decode(stored).event))
      if (furthest !== undefined) this.#position = later(this.#position, furthest)
      if (furthest !== undefined || notes.length < limit) return
    }
  }

  async #take(batch: readonly Message[]): Promise<void> {
    if (batch.some(({ event }) => this.#reactions.has(event.type))) {
      await this.#ready(this.#closing.signal)
      if (this.#closing.signal.aborted) return
    }
    let gathered: { stored: StoredEvent; items: Item[] }[] = []
    let count = 0
    const flush = async () => {
      const work = gathered
      gathered = []
      count = 0
      if (work.length > 0) await this.#carryOut(work)
    }
    for (const { event: stored, position } of batch) {
      if (this.#position !== undefined && position <= this.#position) continue
      if (this.#reactions.has(stored.type)) {
        // What is parked is behind us: everything before it must be done first.
        const items = await this.#trying(
          stored,
          () => this.#items(stored),
          () => flush(),
        )
        if (items) {
          if (count + weightOf(items) > MAX_ORDERS - 10) await flush()
          gathered.push({ stored, items })
          count += weightOf(items)
        }
        if (count >= GATHER) await flush()
      }
      if (gathered.length === 0) this.seen = position
    }
    await flush()
    this.seen = batch.at(-1)?.position ?? this.seen
  }

  async #items(stored: StoredEvent): Promise<Item[]> {
    const parent = stored.meta[Meta.traceparent]
    return span(`react ${stored.type}`, { kind: SpanKind.CONSUMER, ...(parent ? { parent } : {}) }, async () => {
      const trace = traceparent() ?? parent
      const items: Item[] = []
      for (const reaction of this.#reactions.get(stored.type) ?? []) {
        const envelope = reaction.codec.decode(stored)
        for (const order of reaction.orders(envelope.event.data as never, envelope, this.#context())) {
          const cause = {
            actor: serviceActor(this.#service),
            commandId: `${stored.id}:${items.length}`,
            causation: stored.id,
            correlation: stored.meta[Meta.correlation] ?? stored.id,
            ...(trace ? { traceparent: trace } : {}),
          }
          items.push({ order, cause })
        }
      }
      return items
    })
  }

  /** All gathered events in one append; if that fails, one by one, so that only the culprit is parked. */
  async #carryOut(work: { stored: StoredEvent; items: Item[] }[]): Promise<void> {
    const items = work.flatMap((one) => one.items)
    if (weightOf(items) <= MAX_ORDERS) {
      try {
        await this.#append(items, (outcomes) => {
          const rest = [...outcomes]
          const refusals = work.flatMap(({ stored, items: own }) =>
            this.#refusals(stored, own, rest.splice(0, own.length)),
          )
          return [...refusals, checkpoint(work.at(-1)!.stored)]
        })
        return
      } catch (error) {
        log.warn(
          { err: error, service: this.#service, source: this.#source },
          'a batch of reactions failed, trying one by one',
        )
        await this.#reload()
      }
    }
    for (const { stored, items: own } of work) await this.#trying(stored, () => this.#one(stored, own))
  }

  async #one(stored: StoredEvent, items: Item[]): Promise<void> {
    const parts = partsOf(items)
    for (const [i, part] of parts.entries()) {
      const last = i === parts.length - 1
      await this.#append(part, (outcomes) => [
        ...this.#refusals(stored, part, outcomes),
        ...(last ? [checkpoint(stored)] : []),
      ])
    }
  }

  /** Tries a few times, then parks the event; undefined when it was parked. */
  async #trying<T>(
    stored: StoredEvent,
    work: () => Promise<T>,
    beforeParking = async () => {},
  ): Promise<T | undefined> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await work()
      } catch (error) {
        log.error(
          { err: error, service: this.#service, eventId: stored.id, eventType: stored.type, attempt },
          'a reaction failed',
        )
        await this.#reload()
        if (attempt >= ATTEMPTS) {
          await beforeParking()
          await this.#park(stored, error, attempt)
          return undefined
        }
        await new Promise((resolve) => setTimeout(resolve, FIRST_WAIT_MS * 4 ** (attempt - 1)))
      }
    }
  }

  async #park(stored: StoredEvent, error: unknown, attempts: number): Promise<void> {
    const name = error instanceof Problem ? error.reason : error instanceof Error ? error.name : 'Error'
    const data = {
      position: String(stored.position),
      eventId: stored.id,
      eventType: stored.type,
      error: name,
      attempts,
    }
    await this.#append([], () => [{ type: 'ReactionParked', data }])
  }

  #refusals(stored: StoredEvent, items: readonly Item[], outcomes: readonly OrderOutcome[]): InboxEvent[] {
    return outcomes.flatMap(({ problem }, i) =>
      problem
        ? [
            {
              type: 'ReactionRefused' as const,
              data: {
                position: String(stored.position),
                eventId: stored.id,
                eventType: stored.type,
                stream: this.#handler.streamOf(items[i]!.order),
                reason: problem.reason,
                message: problem.message,
              },
            },
          ]
        : [],
    )
  }

  async #append(
    items: readonly Item[],
    notes: (outcomes: readonly OrderOutcome[]) => readonly InboxEvent[],
  ): Promise<void> {
    let written = 0
    let position: bigint | undefined
    await this.#handler.handleAll(items, (outcomes): StreamAppend[] => {
      const events = notes(outcomes)
      written = events.length
      position = furthestOf(events)
      if (events.length === 0) return []
      const meta = { [Meta.actor]: `service:${this.#service}` }
      const expected = this.#version < 0 ? ('NO_STREAM' as const) : this.#version
      return [
        { stream: this.#inbox, expected, events: events.map((event) => inboxCodec.encode(event, randomUUID(), meta)) },
      ]
    })
    this.#version += written
    if (position !== undefined && (this.#position === undefined || position > this.#position)) this.#position = position
  }
}

/** How far the topic is done by these notes: a refusal may have orders of the same event after it, a replay is of old. */
function furthestOf(events: readonly InboxEvent[]): bigint | undefined {
  const ends = events.filter(({ type }) => type === 'Checkpointed' || type === 'ReactionParked')
  return ends.map(({ data }) => BigInt(data.position)).reduce<bigint | undefined>(later, undefined)
}
const later = (a: bigint | undefined, b: bigint) => (a === undefined || b > a ? b : a)

const weightOf = (items: readonly Item[]) => items.reduce((sum, { order }) => sum + (order.aggregate.weight ?? 1), 0)

/** Parts of about GATHER plain orders each; one empty part when there is nothing. */
function partsOf(items: readonly Item[]): Item[][] {
  const parts: Item[][] = [[]]
  let weight = 0
  for (const item of items) {
    if (weight >= GATHER) {
      parts.push([])
      weight = 0
    }
    parts.at(-1)!.push(item)
    weight += item.order.aggregate.weight ?? 1
  }
  return parts
}

const checkpoint = (stored: StoredEvent): InboxEvent => ({
  type: 'Checkpointed',
  data: { position: String(stored.position) },
})
