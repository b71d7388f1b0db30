// Prices of claims inside their year: what came before, what a change does to later ones (O§3.6, O§3.7).
import type { Explanation, World } from '@jinbao/core'
import {
  type Accumulators,
  type ClaimReceived,
  type ClaimRecord,
  ClaimStatus,
  type Settlement,
} from '@jinbao/proto/medical/v1/events.ts'
import { type BillFacts, noYear } from './figures.ts'
import { accumulate, explainSettlement, paidAs, settle } from './settle.ts'
import {
  asRecord,
  type Claims,
  encounterOf,
  inOrder,
  order,
  type Priced,
  received,
  standingOf,
  type YearEvent,
} from './year-state.ts'

type Law = Pick<World, 'policyOn'>

/** The day that closed the service decides the law and the year (O§3.7.2). */
export const lawOn = (one: ClaimRecord) => encounterOf(one).to

function after(before: Accumulators, one: ClaimRecord, settlement: Settlement, { policyOn }: Law): Accumulators {
  const as = paidAs(encounterOf(one).treatment, policyOn(lawOn(one)))
  return accumulate(before, as, standingOf(one).covered, settlement)
}

/** What the year had come to before a claim; without one: at its end. */
export function yearBefore(claims: Claims, world: Law, one?: ClaimRecord): Accumulators {
  let year = noYear
  for (const other of inOrder(claims)) {
    if (one && (encounterOf(other).claimId === encounterOf(one).claimId || order(other, one) > 0)) break
    year = after(year, other, other.settlement!, world)
  }
  return year
}

const factsOf = (one: ClaimRecord, before: Accumulators): BillFacts => {
  const { personId, to, treatment } = encounterOf(one)
  const source = { stream: `medical-year-${personId}-${to.slice(0, 4)}` }
  return { treatment, standing: standingOf(one), items: received(one).items, before, source }
}

export function price(claims: Claims, one: ClaimRecord, world: Law): Priced {
  const before = yearBefore(claims, world, one)
  return { before, settlement: settle(world.policyOn, lawOn(one), factsOf(one, before)) }
}

/** A bill that is not on record yet, as it would be priced now. */
export function quote(claims: Claims, bill: ClaimReceived, world: Law): ClaimRecord {
  const one = asRecord(bill)
  return { ...one, ...price(claims, one, world), status: ClaimStatus.PRICED }
}

export function explain(one: ClaimRecord, world: Law, place: string, knownAt: string): Explanation {
  const { claimId, personId } = encounterOf(one)
  const facts = factsOf(one, one.before ?? noYear)
  const about = { subject: { person: personId, claim: claimId }, place, knownAt }
  return explainSettlement(world.policyOn, lawOn(one), facts, about).explanation
}

const same = (a: Settlement, b: Settlement) =>
  a.fundFen === b.fundFen &&
  a.poolFen === b.poolFen &&
  a.largeFen === b.largeFen &&
  a.seriousFen === b.seriousFen &&
  a.deductibleFen === b.deductibleFen &&
  a.selfPayFen === b.selfPayFen

/** Every claim of the year in date order; those whose amounts changed get their differences. */
export function replay(claims: Claims, cause: string, world: World): YearEvent[] {
  const events: YearEvent[] = []
  let before = noYear
  for (const one of inOrder(claims)) {
    const settlement = settle(world.policyOn, lawOn(one), factsOf(one, before))
    const old = one.settlement!
    if (!same(old, settlement)) events.push(replayed(one, settlement, before, cause, world))
    before = after(before, one, settlement, world)
  }
  return events
}

/** Account payments made stay; the difference is settled with the person in cash (reading on §3.6). */
function replayed(
  one: ClaimRecord,
  settlement: Settlement,
  before: Accumulators,
  cause: string,
  world: World,
): YearEvent {
  const { claimId, personId, institutionId } = encounterOf(one)
  const old = one.settlement!
  const data = {
    claimId,
    personId,
    institutionId,
    cause,
    settlement,
    before,
    fundDifferenceFen: settlement.fundFen - old.fundFen,
    cashDifferenceFen: settlement.personFen - old.personFen,
    on: world.today,
  }
  return { type: 'ClaimReplayed', data }
}
