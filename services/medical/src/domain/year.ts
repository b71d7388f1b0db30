// What happens to the claims of a year (O§3.6): received, priced, settled, cut, cleared, paid, reversed.
import type { Decider, World } from '@jinbao/core'
import { ClaimReceived, type ClaimRecord, ClaimStatus, Exclusion, Treatment } from '@jinbao/proto/medical/v1/events.ts'
import { clear, cut, pay, recordRecovery, remind, reverse } from './after-settlement.ts'
import { price, replay } from './pricing.ts'
import { refuse } from './refusals.ts'
import {
  encounterOf,
  evolveYear,
  freshYear,
  type OpenYear,
  received,
  type Stay,
  standingOf,
  type YearCommand,
  type YearEvent,
  type YearState,
} from './year-state.ts'

export * from './year-state.ts'

// --- decide ----------------------------------------------------------------------------------------------------------

export const yearDecider: Decider<YearState, YearCommand, YearEvent> = {
  initial: freshYear,
  decide(state, command, world) {
    if (state.status === 'aliased') {
      if (command.type === 'AliasTo' && command.survivorId === state.survivorId) return []
      return refuse('YEAR_ALIASED', { survivor: state.survivorId })
    }
    switch (command.type) {
      case 'ReceiveClaim':
        return receive(state, command.received, command.neighbours)
      case 'AdjudicateClaim':
        return adjudicate(state, command.claimId, world)
      case 'ConfirmClaim':
        return confirm(state, command, world)
      case 'SettleClaim':
        return settleAtOnce(state, command, world)
      case 'CutClaim':
        return cut(claimOf(state, command.claimId), command.cutId, command.cuts, world)
      case 'ReverseClaim':
        return reverse(state, claimOf(state, command.claimId), command.reason, world)
      case 'Clear':
        return clear(claimOf(state, command.claimId), command, world)
      case 'Pay':
        return pay(claimOf(state, command.claimId), command, world)
      case 'RecordRecovery':
        return recordRecovery(claimOf(state, command.claimId), command, world)
      case 'Remind':
        return remind(claimOf(state, command.claimId), world)
      case 'Resettle':
        return replay(state.claims, command.cause, world)
      case 'AliasTo':
        return alias(state, command)
      case 'TakeOver':
        return takeOver(state, command, world)
    }
  },
  evolve: evolveYear,
}

// --- one function a command ------------------------------------------------------------------------------------------

export function claimOf(state: OpenYear, claimId: string): ClaimRecord {
  return state.claims.get(claimId) ?? refuse('CLAIM_UNKNOWN', { claim: claimId })
}

const content = (one: ClaimReceived) => {
  const { encounter, items } = ClaimReceived.toJSON(one) as { encounter: object; items: object }
  return JSON.stringify({ encounter, items })
}

function receive(state: OpenYear, bill: ClaimReceived, neighbours: readonly Stay[]): YearEvent[] {
  const encounter = bill.encounter!
  const known = state.claims.get(encounter.claimId)
  const again = known && known.status !== ClaimStatus.REFUSED ? sentAgain(known, bill) : undefined
  if (again) return again
  // MED-11: refused in a gap that is paid back since, the bill comes in once more and is paid after all.
  if (known && !bill.standing!.covered && content(known.received!) === content(bill)) return []
  if (encounter.treatment === Treatment.INPATIENT) notOverlapping(state, encounter, neighbours)
  return [{ type: 'ClaimReceived', data: bill }]
}

/** The same bill is the same claim; one that waits takes what now holds for the person, with its first deadline. */
function sentAgain(known: ClaimRecord, bill: ClaimReceived): YearEvent[] {
  const before = received(known)
  if (content(before) !== content(bill)) refuse('BILL_ALREADY_CLAIMED')
  const now = JSON.stringify(bill.standing)
  if (known.status !== ClaimStatus.RECEIVED || now === JSON.stringify(before.standing)) return []
  const { receivedOn, dueOn } = before
  return [{ type: 'ClaimReceived', data: { ...bill, receivedOn, dueOn } }]
}

const gone: ReadonlySet<ClaimStatus> = new Set([ClaimStatus.REFUSED, ClaimStatus.REVERSED])

/** A person lies in one hospital at a time; discharge and admission may fall on one day. */
function notOverlapping(state: OpenYear, { from, to, claimId }: Stay, neighbours: readonly Stay[]): void {
  const stays = [...state.claims.values()]
    .filter((one) => !gone.has(one.status) && encounterOf(one).treatment === Treatment.INPATIENT)
    .map(encounterOf)
  for (const other of [...stays, ...neighbours])
    if (other.claimId !== claimId && ((other.from < to && from < other.to) || (other.from === from && other.to === to)))
      refuse('STAYS_OVERLAP', { from: other.from, to: other.to })
}

function adjudicate(state: OpenYear, claimId: string, world: World): YearEvent[] {
  const one = claimOf(state, claimId)
  const priced = one.status === ClaimStatus.PRICED
  if (one.status !== ClaimStatus.RECEIVED && !priced) {
    if (one.status === ClaimStatus.REFUSED || one.status === ClaimStatus.SETTLED) return []
    return refuse('CLAIM_NOT_RECEIVED', { status: one.status })
  }
  const { personId, to } = encounterOf(one)
  const standing = standingOf(one)
  const { settlement, before } = price(state.claims, one, world)
  if (!standing.covered) {
    const data = { claimId, personId, reason: standing.reason, personFen: settlement.personFen, on: world.today }
    return [{ type: 'EligibilityFailed', data }]
  }
  if (priced && one.settlement!.fundFen === settlement.fundFen && one.settlement!.selfPayFen === settlement.selfPayFen)
    return []
  return [{ type: 'ClaimAdjudicated', data: { claimId, personId, lawOn: to, settlement, before, on: world.today } }]
}

type Confirm = Extract<YearCommand, { type: 'ConfirmClaim' }>

function confirm(state: OpenYear, { claimId, payerId, accountFen }: Confirm, world: World): YearEvent[] {
  const one = claimOf(state, claimId)
  if (one.status === ClaimStatus.SETTLED) return []
  if (one.status !== ClaimStatus.PRICED) return refuse('CLAIM_NOT_PRICED', { status: one.status })
  const settlement = one.settlement!
  const now = price(state.claims, one, world).settlement
  if (now.fundFen !== settlement.fundFen || accountFen > settlement.accountLimitFen || accountFen < 0n)
    return refuse('PRICE_OUTDATED')
  const { personId, institutionId, exclusion } = encounterOf(one)
  const { fundFen, personFen } = settlement
  const cashFen = personFen - accountFen
  const data = { claimId, personId, institutionId, payerId, fundFen, accountFen, cashFen, on: world.today }
  const settled: YearEvent = { type: 'PatientConfirmed', data }
  const advanced: YearEvent[] =
    exclusion === Exclusion.THIRD_PARTY && fundFen > 0n
      ? [{ type: 'ThirdPartyAdvanced', data: { claimId, personId, advancedFen: fundFen, on: world.today } }]
      : []
  const next = evolveYear(state, settled) as OpenYear
  return [settled, ...advanced, ...replay(next.claims, claimId, world)]
}

/** The hospital's desk and the bulk upload: the three steps at once, each with its own fact. */
function settleAtOnce(
  state: OpenYear,
  command: Extract<YearCommand, { type: 'SettleClaim' }>,
  world: World,
): YearEvent[] {
  const { claimId } = command.received.encounter!
  const events: YearEvent[] = []
  let now = state
  const then = (made: readonly YearEvent[]) => {
    events.push(...made)
    now = made.reduce<YearState>(evolveYear, now) as OpenYear
  }
  then(receive(now, command.received, command.neighbours))
  if (claimOf(now, claimId).status === ClaimStatus.RECEIVED) then(adjudicate(now, claimId, world))
  if (claimOf(now, claimId).status === ClaimStatus.PRICED)
    then(confirm(now, { ...command, type: 'ConfirmClaim', claimId }, world))
  return events
}

function alias(state: OpenYear, { personId, survivorId, year }: Extract<YearCommand, { type: 'AliasTo' }>) {
  const claims = [...state.claims.values()]
  return [{ type: 'YearAliased' as const, data: { personId, survivorId, year, claims } }]
}

/** §1.6: accumulators are added by adding the claims; then the year is computed anew, posting differences. */
function takeOver(state: OpenYear, command: Extract<YearCommand, { type: 'TakeOver' }>, world: World): YearEvent[] {
  const { personId, absorbedId, year } = command
  if (state.merged.has(absorbedId)) return []
  const claims = command.claims.map((one) => ({
    ...one,
    received: { ...one.received!, encounter: { ...encounterOf(one), personId } },
  }))
  const event: YearEvent = { type: 'YearTakenOver', data: { personId, absorbedId, year, claims } }
  const next = evolveYear(state, event) as OpenYear
  return [event, ...replay(next.claims, absorbedId, world)]
}
