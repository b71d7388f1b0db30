// The decision on a pension: the rules of P§2.4 to P§2.8 on the facts of an account, as the message that is recorded.
import { Calc, firstDay, type Month, type PolicyOn, q, toFen, type Val, type World } from '@jinbao/core'
import type { Award } from '@jinbao/proto/pension/v1/events.ts'
import { averageIndex, type Career, type Indexes } from './average-index.ts'
import { type Awarded, type AwardFacts, award } from './award.ts'
import { type CountedMonths, countedMonths } from './entitlement.ts'

/** What the account says about a person who retires. */
export interface RetirementRecord {
  readonly career: Career
  readonly counted: CountedMonths
  /** Balance at the end of the retirement month, interest included. */
  readonly balanceFen: bigint
}

export interface Who {
  readonly personId: string
  readonly claimId: string
  readonly birthMonth: Month
  readonly retirementMonth: Month
  readonly special: boolean
}

/** Paid and deemed months up to retirement, apart. */
export function upTo({ actual, deemed }: CountedMonths, retirement: Month): CountedMonths {
  const all = countedMonths({ actual, deemed }, retirement)
  return { actual: actual.intersect(all), deemed: deemed.intersect(all) }
}

export function computed(calc: Calc, policyOn: PolicyOn, who: Who, record: RetirementRecord, given?: Indexes) {
  const counted = upTo(record.counted, who.retirementMonth)
  const indexes = given ?? averageIndex(calc, policyOn, who.retirementMonth, record.career, counted)
  const facts: AwardFacts = {
    stream: record.career.stream,
    birthMonth: who.birthMonth,
    retirementMonth: who.retirementMonth,
    counted,
    balanceFen: record.balanceFen,
    special: who.special,
  }
  return { indexes, done: award(calc, policyOn, facts, indexes) }
}

export function awardMessage(done: Awarded, { index }: Indexes, balanceFen: bigint): Award {
  return {
    basicFen: toFen(done.basic),
    accountFen: toFen(done.account),
    transitionalFen: toFen(done.transitional),
    additionsFen: toFen(done.additions),
    totalFen: toFen(done.total),
    balanceFen,
    averageIndex: q.formatRational(index),
    years: q.formatRational(done.years),
    payoutMonths: q.formatRational(done.payout),
    baseFen: toFen(done.base.value),
    baseYear: done.base.year,
    provisional: done.provisional,
  }
}

/** Components there are: a document names no amount that nobody is due. */
export const due = (amounts: Readonly<Record<string, Val>>): Record<string, Val> =>
  Object.fromEntries(Object.entries(amounts).filter(([, { n }]) => n !== 0n))

/** The award with its explanation document, as JSON. */
export function explainedAward(world: World, who: Who, record: RetirementRecord, given?: (calc: Calc) => Indexes) {
  const calc = Calc.recording()
  const { indexes, done } = computed(calc, world.policyOn, who, record, given?.(calc))
  const { basic, account, transitional, additions, total } = done
  const about = {
    subject: { person: who.personId, claim: who.claimId },
    place: world.place,
    day: firstDay(who.retirementMonth),
    knownAt: world.now,
  }
  const document = calc.explain(about, { ...due({ basic, account, transitional, additions }), total })
  return { award: awardMessage(done, indexes, record.balanceFen), explanation: JSON.stringify(document) }
}
