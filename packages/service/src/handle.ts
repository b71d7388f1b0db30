// handle(): load, decide, append at the version that was decided on, again when another writer was first.
import { randomUUID } from 'node:crypto'
import { type Actor, Problem, type World } from '@jinbao/core'
import type { Basis, Recorder } from '@jinbao/policy'
import { Meta, type Store, type StreamAppend, WrongVersion } from '@jinbao/store'
import { span, traceparent } from '@jinbao/telemetry'
import type { BasisBook } from './basis.ts'
import type { Handled, Order } from './define.ts'
import { remember, type States, type StreamState } from './states.ts'

type Event = { readonly type: string; readonly data: unknown }

/** Who and what gives orders: becomes the metadata of every event. */
export interface Cause {
  readonly actor: Actor
  readonly commandId: string
  readonly commandDigest?: string
  readonly causation?: string
  readonly correlation?: string
  readonly traceparent?: string
  readonly validateOnly?: boolean
  /** Moment of the decision; default now. */
  readonly now?: string
}

export interface OrderOutcome {
  readonly handled?: Handled<unknown, Event>
  readonly problem?: Problem
}

/** Orders of one append; more would block the loop. */
export const MAX_ORDERS = 1_000
const ATTEMPTS = 8

export interface HandlerDeps {
  readonly service: string
  readonly region: string
  readonly store: Store
  readonly states: States
  readonly basis: BasisBook
  /** Remembers what of the law a decision asks. */
  readonly recorder: Recorder
  readonly worldFor: (actor: Actor, now: string | undefined) => World
}

/** An order with its cause; each cause's commandId is unique in its stream. */
export interface Item {
  readonly order: Order
  readonly cause: Cause
}

interface Step extends Item {
  readonly stream: string
}

interface Plan {
  readonly outcomes: OrderOutcome[]
  readonly appends: StreamAppend[]
  readonly after: Map<string, { order: Order; state: StreamState }>
}

export class Handler {
  readonly #deps: HandlerDeps
  readonly #queues = new Map<string, Promise<unknown>>()

  constructor(deps: HandlerDeps) {
    this.#deps = deps
  }

  streamOf(order: Pick<Order, 'aggregate' | 'id'>): string {
    return `${this.#deps.service}-${order.aggregate.name}-${order.id}`
  }

  /** One stream; commands of this process for the same stream wait for each other. A refusal is thrown. */
  async handle(order: Order, cause: Cause): Promise<Handled<unknown, Event>> {
    const stream = this.streamOf(order)
    const before = this.#queues.get(stream)
    const mine = (async () => {
      await before?.catch(() => {})
      return this.handleAll([{ order, cause }])
    })()
    this.#queues.set(stream, mine)
    try {
      const [outcome] = await mine
      if (outcome!.problem) throw outcome!.problem
      return outcome!.handled!
    } finally {
      if (this.#queues.get(stream) === mine) this.#queues.delete(stream)
    }
  }

  /**
   * Up to 1,000 orders in one transaction, with `extra` appends (a checkpoint) in the same one. A refused order
   * yields its problem in its place; the others are carried out, unless it is all or nothing.
   */
  async handleAll(
    items: readonly Item[],
    extra: (outcomes: readonly OrderOutcome[]) => readonly StreamAppend[] = () => [],
    allOrNothing = false,
  ): Promise<OrderOutcome[]> {
    if (items.length > MAX_ORDERS) throw new Error(`${items.length} orders in one transaction`)
    const steps = items.map((item) => ({ ...item, stream: this.streamOf(item.order) }))
    const dry = items.some(({ cause }) => cause.validateOnly)
    for (let attempt = 1; ; attempt++) {
      const plan = await this.#plan(steps)
      if (allOrNothing && plan.outcomes.some(({ problem }) => problem)) return plan.outcomes
      const appends = dry ? [] : [...plan.appends, ...extra(plan.outcomes)]
      if (appends.length === 0) return plan.outcomes
      try {
        const { position } = await span('append', { attributes: { 'jinbao.streams': appends.length } }, () =>
          this.#deps.store.appendMany(appends),
        )
        return this.#confirm(plan, position)
      } catch (error) {
        if (!(error instanceof WrongVersion)) throw error
        for (const { stream } of steps) this.#deps.states.drop(stream)
        if (attempt >= ATTEMPTS || !steps.some((step) => step.stream === error.stream))
          throw new Problem('ABORTED', 'BUSY_STREAM', 'Others write to the same record; try again.', {
            retryAfterMs: 50,
          })
      }
    }
  }

  async #plan(steps: readonly Step[]): Promise<Plan> {
    const { states, service, basis, recorder } = this.#deps
    const after: Plan['after'] = new Map()
    const events = new Map<string, { expected: number; list: ReturnType<Order['aggregate']['codec']['encode']>[] }>()
    const outcomes: OrderOutcome[] = []
    const bases = new Set<Basis>()
    const queue = [...steps]
    for (let step = queue.shift(); step; step = queue.shift()) {
      const { order, stream, cause } = step
      const { commandId } = cause
      const known = after.get(stream)?.state ?? (await states.load(order.aggregate, stream))
      const seen = known.commands.get(commandId)
      if (seen) {
        outcomes.push(this.#again(order, known, seen, cause))
        continue
      }
      const world = this.#deps.worldFor(cause.actor, cause.now)
      recorder.reset()
      let decided: readonly Event[]
      try {
        decided = order.aggregate.decider.decide(known.state, order.command, world)
      } catch (error) {
        if (!(error instanceof Problem)) throw error
        const instead = order.otherwise?.(error)
        // In its place: the outcomes stay in the order of the items.
        if (instead) queue.unshift({ order: instead, stream: this.streamOf(instead), cause })
        else outcomes.push({ problem: error })
        continue
      }
      const asked = decided.length > 0 ? recorder.basis() : undefined
      if (asked && asked.entries.length > 0) bases.add(asked)
      const meta = this.#meta(cause, asked && asked.entries.length > 0 ? asked.id : undefined)
      const entry = events.get(stream) ?? { expected: known.version, list: [] }
      events.set(stream, entry)
      let state = known.state
      for (const event of decided) {
        state = order.aggregate.decider.evolve(state, event)
        entry.list.push(order.aggregate.codec.encode(event, randomUUID(), meta))
      }
      const version = known.version + decided.length
      const commands =
        decided.length > 0
          ? remember(known.commands, commandId, { digest: cause.commandDigest ?? '', version })
          : known.commands
      after.set(stream, { order, state: { state, version, position: known.position, commands } })
      outcomes.push({
        handled: {
          receipt: receipt(order.id, version, service, known.position),
          state,
          events: decided,
          repeated: false,
        },
      })
    }
    const appends = [...events]
      .filter(([, { list }]) => list.length > 0)
      .map(([stream, { expected, list }]) => ({
        stream,
        expected: expected < 0 ? ('NO_STREAM' as const) : expected,
        events: list,
      }))
    return { outcomes, appends: appends.length > 0 ? [...basis.appendsFor(bases), ...appends] : [], after }
  }

  #again(order: Order, known: StreamState, seen: { digest: string; version: number }, cause: Cause): OrderOutcome {
    if (seen.digest && cause.commandDigest && seen.digest !== cause.commandDigest) return { problem: keyReused() }
    const done = receipt(order.id, seen.version, this.#deps.service, known.position)
    return { handled: { receipt: done, state: known.state, events: [], repeated: true } }
  }

  #confirm(plan: Plan, position: bigint): OrderOutcome[] {
    const { states, service, basis } = this.#deps
    basis.confirm(plan.appends)
    const written = new Set(plan.appends.map((append) => append.stream))
    for (const [stream, { order, state }] of plan.after)
      if (written.has(stream)) states.advance(order.aggregate, stream, { ...state, position })
    return plan.outcomes.map((outcome) =>
      outcome.handled && outcome.handled.events.length > 0
        ? {
            handled: {
              ...outcome.handled,
              receipt: { ...outcome.handled.receipt, position: `${service}:${position}` },
            },
          }
        : outcome,
    )
  }

  #meta(cause: Cause, basis: string | undefined): Record<string, string> {
    const meta: Record<string, string> = {
      [Meta.commandId]: cause.commandId,
      [Meta.actor]: cause.actor.subject,
      [Meta.region]: this.#deps.region,
    }
    if (cause.commandDigest) meta[Meta.commandDigest] = cause.commandDigest
    if (cause.causation) meta[Meta.causation] = cause.causation
    meta[Meta.correlation] = cause.correlation ?? cause.commandId
    const trace = cause.traceparent ?? traceparent()
    if (trace) meta[Meta.traceparent] = trace
    if (basis) meta.basis = basis
    return meta
  }
}

const receipt = (id: string, version: number, service: string, position: bigint | undefined) => ({
  id,
  version: BigInt(version),
  position: position === undefined ? '' : `${service}:${position}`,
})

export const keyReused = () =>
  new Problem(
    'INVALID_ARGUMENT',
    'IDEMPOTENCY_KEY_REUSED',
    'This idempotency key was used with another request; take a new key.',
  )
