import type { Day } from './month.ts'
import type { PolicyOn } from './policy.ts'

/** Who gives an order. Four-eyes rules compare subjects. */
export interface Actor {
  readonly subject: string
  readonly roles: readonly string[]
}

/** Everything a decision may know besides state and command: the clock and the law come in as arguments. */
export interface World {
  /** Moment of the decision, ISO 8601 in UTC. */
  readonly now: string
  /** The civil date in Asia/Shanghai. */
  readonly today: Day
  /** Division code of the region that decides. */
  readonly place: string
  readonly policyOn: PolicyOn
  readonly by: Actor
}

/** Makes events of a command, and state of events. Pure. */
export interface Decider<S, C, E> {
  readonly initial: S
  /** Throws Problem (an expected no). No event means: already so. */
  decide(state: S, command: C, world: World): readonly E[]
  evolve(state: S, event: E): S
}

export function fold<S, C, E>(decider: Decider<S, C, E>, events: Iterable<E>, from: S = decider.initial): S {
  let state = from
  for (const event of events) state = decider.evolve(state, event)
  return state
}
