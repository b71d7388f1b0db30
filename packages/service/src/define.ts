// What a service is made of, declaratively. Nothing here waits, reads or writes.
import type { Actor, Day, Decider, PolicyOn, Problem, Refusal, World } from '@jinbao/core'
import type { Call, Definition, Principal, RequestOf, ResponseOf, Role } from '@jinbao/rpc'
import type { Db, ReadDb } from './db.ts'
import { type Envelope, type EventCodec, type EventOf, type EventTable, eventCodec } from './events.ts'

/** A kind of stream with its decider: `<service>-<name>-<id>`. */
export interface Aggregate<S, C, E extends { readonly type: string }> {
  readonly name: string
  readonly decider: Decider<S, C, E>
  readonly codec: EventCodec<E>
  /** Raise it when evolve or the state's shape changes: cached states of an older one are not used. */
  readonly version: number
  /** How many plain streams one of these counts for, in memory and in a batch; default 1. For a state of many lines. */
  readonly weight?: number
}

export function aggregate<S, C, const T extends EventTable>(
  name: string,
  events: T,
  decider: Decider<S, C, EventOf<T>>,
  version = 1,
): Aggregate<S, C, EventOf<T>> {
  return { name, decider, codec: eventCodec(events), version }
}

// biome-ignore lint/suspicious/noExplicitAny: the list holds aggregates of different states, commands and events
export type AnyAggregate = Aggregate<any, any, any>

/** A command for one stream. */
export interface Order<C = unknown> {
  readonly aggregate: AnyAggregate
  readonly id: string
  readonly command: C
  /** What is recorded instead when the command is refused: money that cannot be booked must stand somewhere. */
  readonly otherwise?: (problem: Problem) => Order
}

export function order<S, C, E extends { readonly type: string }>(
  of: Aggregate<S, C, E>,
  id: string,
  command: C,
  otherwise?: (problem: Problem) => Order,
): Order<C> {
  return { aggregate: of, id, command, ...(otherwise ? { otherwise } : {}) }
}

// --- views -----------------------------------------------------------------------------------------------------------

/** SQLite tables made of events. May be deleted at any time; is rebuilt from the events. */
export interface View {
  readonly name: string
  /** Raise it when tables or apply change: the view is rebuilt. */
  readonly version: number
  /** Service whose events feed it; default its own. */
  readonly source?: string
  readonly tables: string
  readonly codec: EventCodec<{ readonly type: string; readonly data: unknown }>
  readonly apply: Readonly<Record<string, (db: Db, data: never, envelope: Envelope) => void>>
}

/** `apply` names the event types it takes, each typed from the table of events. */
export function view<const T extends EventTable>(
  events: T,
  spec: {
    readonly name: string
    readonly version?: number
    readonly source?: string
    readonly tables: string
    readonly apply: {
      readonly [K in keyof T & string]?: (
        db: Db,
        data: Extract<EventOf<T>, { type: K }>['data'],
        envelope: Envelope,
      ) => void
    }
  },
): View {
  return {
    ...spec,
    version: spec.version ?? 1,
    codec: eventCodec(events) as View['codec'],
    apply: spec.apply as View['apply'],
  }
}

// --- reactions -------------------------------------------------------------------------------------------------------

/** What a reaction may look at besides the event: its own views, to find the ids it needs. */
export interface ReactionContext {
  readonly db: ReadDb
  readonly policyOn: PolicyOn
  readonly today: Day
}

/** Somebody's event becomes commands of ours. */
export interface Reaction {
  readonly source: string
  readonly type: string
  readonly codec: EventCodec<{ readonly type: string; readonly data: unknown }>
  readonly orders: (data: never, envelope: Envelope, context: ReactionContext) => readonly Order[]
}

export function on<const T extends EventTable, K extends keyof T & string>(
  source: string,
  events: T,
  type: K,
  orders: (
    data: Extract<EventOf<T>, { type: K }>['data'],
    envelope: Envelope,
    context: ReactionContext,
  ) => readonly Order[],
): Reaction {
  return { source, type, codec: eventCodec(events) as Reaction['codec'], orders: orders as Reaction['orders'] }
}

// --- due work --------------------------------------------------------------------------------------------------------

/** Work that a day brings: what is due, as orders. Running it twice must do nothing more. */
export interface Due {
  readonly name: string
  /** Orders due on the day, in any number; they are carried out in batches. */
  readonly orders: (context: ReactionContext, day: Day) => Iterable<Order>
}

// --- rpc -------------------------------------------------------------------------------------------------------------

/** Who may call an rpc: a role, and for citizens and employers only what is theirs. */
export interface Grant<Req> {
  readonly role: Role
  readonly only?: (request: Req, principal: Principal, context: Context) => boolean | Promise<boolean>
}

export const allow = (...roles: Role[]): readonly Grant<unknown>[] => roles.map((role) => ({ role }))
/** A citizen, for the person the request names. */
export const self = <Req>(
  personId: (request: Req, context: Context) => string | undefined | Promise<string | undefined>,
): Grant<Req> => ({
  role: 'citizen',
  only: async (request, principal, context) =>
    principal.person !== undefined && (await personId(request, context)) === principal.person,
})
/** An employer's user, for the employer the request names. */
export const ownEmployer = <Req>(
  employerId: (request: Req, context: Context) => string | undefined | Promise<string | undefined>,
): Grant<Req> => ({
  role: 'employer',
  only: async (request, principal, context) =>
    principal.employer !== undefined && (await employerId(request, context)) === principal.employer,
})

/** What a command did: where its facts stand, the state after, the events. */
export interface Handled<S, E> {
  readonly receipt: { readonly id: string; readonly version: bigint; readonly position: string }
  readonly state: S
  readonly events: readonly E[]
  /** True when the same command had been done before. */
  readonly repeated: boolean
}

/** Questions in the name of the caller at hand: same token, same deadline. */
export type Asking<D extends Definition> = {
  readonly [K in keyof D]: (request: RequestOf<D[K]>) => Promise<ResponseOf<D[K]>>
}

/** What a handler may do. */
export interface Context {
  readonly call: Call
  readonly world: World
  readonly db: ReadDb
  /** Decides and records on one stream; tries again when another writer was first. */
  handle<S, C, E extends { readonly type: string }>(
    of: Aggregate<S, C, E>,
    id: string,
    command: C,
  ): Promise<Handled<S, E>>
  /** Many streams in one transaction, at most 1,000 orders; any refusal refuses all. */
  handleAll(orders: readonly Order[]): Promise<Handled<unknown, { readonly type: string }>[]>
  /** Current state of a stream. */
  load<S, C, E extends { readonly type: string }>(
    of: Aggregate<S, C, E>,
    id: string,
  ): Promise<{ state: S; version: number }>
  /** A stream's events as recorded by a moment (ISO 8601; default all): for questions by two clocks and for explanations. */
  history<S, C, E extends { readonly type: string }>(
    of: Aggregate<S, C, E>,
    id: string,
    knownAt?: string,
  ): Promise<readonly Envelope<E>[]>
  /** The law as it was published by a day: what an amount of that day is explained with. */
  lawKnown(at: Day): PolicyOn
  /** A fresh opaque id; the same for a repeated command. */
  newId(kind: string): string
  /** A question to another service that must be true now. */
  ask<D extends Definition>(service: string, definition: D): Asking<D>
}

export type ApiHandlers<D extends Definition> = {
  readonly [K in keyof D]: (request: RequestOf<D[K]>, context: Context) => Promise<ResponseOf<D[K]>>
}

/** One table beside the handlers: a missing line does not compile; what is not granted is denied. */
export type AccessTable<D extends Definition> = { readonly [K in keyof D]: readonly Grant<RequestOf<D[K]>>[] }

export interface Api {
  readonly definition: Definition
  readonly handlers: Readonly<Record<string, (request: never, context: Context) => Promise<unknown>>>
  readonly access: Readonly<Record<string, readonly Grant<never>[]>>
}

export function api<D extends Definition>(definition: D, handlers: ApiHandlers<D>, access: AccessTable<D>): Api {
  return { definition, handlers: handlers as Api['handlers'], access: access as Api['access'] }
}

/** Who owns a business since the reform of 2018 (G-08): one deployment may run all of it or only what is its own. */
export type Authority = 'HUMAN_RESOURCES' | 'HEALTHCARE_SECURITY' | 'TAX' | 'FINANCE'

export interface Service {
  readonly name: string
  readonly authority: Authority
  readonly aggregates: readonly AnyAggregate[]
  readonly apis: readonly Api[]
  readonly views: readonly View[]
  readonly reactions: readonly Reaction[]
  readonly dues: readonly Due[]
  /** Documented reasons for which it refuses: the gateway's pages /problems/… and docs/refusals.md. */
  readonly refusals: Readonly<Record<string, Refusal>>
}

export function defineService(
  service: Pick<Service, 'name' | 'authority' | 'aggregates' | 'apis'> & Partial<Service>,
): Service {
  return { views: [], reactions: [], dues: [], refusals: {}, ...service }
}

export const serviceActor = (name: string): Actor => ({ subject: `service:${name}`, roles: ['service'] })
