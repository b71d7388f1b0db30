import { aggregate } from '@jinbao/service'
import { cardDecider } from './domain/card.ts'
import { cardEvents } from './domain/card-state.ts'
import { employerDecider, employerEvents } from './domain/employer.ts'
import { holderDecider, holderEvents } from './domain/holder.ts'
import { householdDecider, householdEvents } from './domain/household.ts'
import { mergeDecider, mergeEvents } from './domain/merge.ts'
import { personDecider } from './domain/person.ts'
import { personEvents } from './domain/person-state.ts'
import { readEvents, readsDecider } from './domain/reads.ts'

/** `identity-person-<person id>` */
export const persons = aggregate('person', personEvents, personDecider)
/** `identity-holder-<blind index of a number, or credit code>`: who holds it. */
export const holders = aggregate('holder', holderEvents, holderDecider)
/** `identity-reads-<person id>`: who read her data. */
export const reads = aggregate('reads', readEvents, readsDecider)
/** `identity-merge-<id>` */
export const merges = aggregate('merge', mergeEvents, mergeDecider)
/** `identity-employer-<employer id>` */
export const employers = aggregate('employer', employerEvents, employerDecider)
/** `identity-household-<id>` */
export const households = aggregate('household', householdEvents, householdDecider)
/** `identity-card-<person id>`: all cards of a person. */
export const cards = aggregate('card', cardEvents, cardDecider)
