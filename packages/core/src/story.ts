// given / when / then for deciders: `history(opened, credited).when(creditAgain).thenRefused('MONTH_ALREADY_CREDITED')`.
import assert from 'node:assert/strict'
import { type Decider, fold, type World } from './decider.ts'
import { Problem } from './problem.ts'

export interface Outcome<S, E> {
  /** Exactly these events. */
  thenEvents(...events: E[]): void
  /** These event types, in order; returns the events for a closer look. */
  thenTypes(...types: string[]): readonly E[]
  thenNothing(): void
  thenRefused(reason: string): Problem
  /** The state after the decision. */
  state(): S
  events(): readonly E[]
}

export interface History<S, C, E> {
  /** `change` replaces parts of the world for this decision: another officer, a later day. */
  when(command: C, change?: Partial<World>): Outcome<S, E>
  and(...events: E[]): History<S, C, E>
  state(): S
}

/** Tells stories about one decider in one world. */
export function story<S, C, E extends { readonly type: string }>(
  decider: Decider<S, C, E>,
  world: World,
): (...events: E[]) => History<S, C, E> {
  return (...past) => ({
    and: (...more) => story(decider, world)(...past, ...more),
    state: () => fold(decider, past),
    when(command, change = {}) {
      const before = fold(decider, past)
      let events: readonly E[] = []
      let problem: Problem | undefined
      try {
        events = decider.decide(before, command, { ...world, ...change })
      } catch (error) {
        if (!(error instanceof Problem)) throw error
        problem = error
      }
      const happened = () => {
        if (problem) assert.fail(`refused with ${problem.reason}: ${problem.message}`)
        return events
      }
      return {
        thenEvents: (...expected) => assert.deepEqual(happened(), expected),
        thenTypes(...types) {
          assert.deepEqual(
            happened().map((event) => event.type),
            types,
          )
          return events
        },
        thenNothing: () => assert.deepEqual(happened(), []),
        thenRefused(reason) {
          assert.ok(
            problem,
            `expected a refusal with ${reason}, got ${events.map((e) => e.type).join(', ') || 'nothing'}`,
          )
          assert.equal(problem.reason, reason, problem.message)
          return problem
        },
        state: () => fold(decider, happened(), before),
        events: happened,
      }
    },
  })
}
