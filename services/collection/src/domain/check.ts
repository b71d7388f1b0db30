// What is wrong with a declared line, and what is worth a look (DC-11).
import { formatFen, lastDay, type Month, monthIndex, monthOfDay, type Policy, toFen } from '@jinbao/core'
import { type LineFault, LineSet, type WageLine } from '@jinbao/proto/collection/v1/events.ts'
import { type FaultReason, fault } from './faults.ts'

/** What the registers say about a person, as this employer's declaration of a month needs it. */
export interface PersonFacts {
  readonly birthMonth: Month
  /** Day of death; empty while alive. */
  readonly diedOn: string
  /** First month of a pension; empty while there is none. */
  readonly pensionFrom: Month
  /** Labour relations with this employer; no `to` while they last. */
  readonly relations: readonly { readonly from: string; readonly to: string; readonly main: boolean }[]
  /** Another employer that declares the person for all lines in this month. */
  readonly declaredBy: string
}

export type Facts = ReadonlyMap<string, PersonFacts>

const MAX_AVERAGE_FEN = 1_000_000_000n
const WORKING_AGE_MONTHS = 16 * 12

export interface CheckTerms {
  readonly month: Month
  readonly chunk: number
  /** None where the region has not published one. */
  readonly minimumWageFen: bigint | undefined
}

export function checkTerms(law: Policy, month: Month, chunk: number): CheckTerms {
  const minimumWageFen = law.has('wage.minimum') ? toFen(law.value('wage.minimum')) : undefined
  return { month, chunk, minimumWageFen }
}

export function checkLine(line: WageLine, person: PersonFacts | undefined, terms: CheckTerms): LineFault[] {
  const { month, chunk, minimumWageFen } = terms
  const say = (reason: FaultReason, values?: Record<string, string>) => [fault(line.personId, chunk, reason, values)]
  if (!sensible(line)) return say('BAD_WAGE', { max: formatFen(MAX_AVERAGE_FEN) })
  if (!person) return say('PERSON_UNKNOWN')
  if (person.diedOn && monthOfDay(person.diedOn) < month) return say('PERSON_DEAD', { on: person.diedOn })
  if (monthIndex(month) - monthIndex(person.birthMonth) < WORKING_AGE_MONTHS) return say('UNDER_AGE')
  if (person.pensionFrom && person.pensionFrom <= month) return say('DRAWING_PENSION', { from: person.pensionFrom })
  const relations = person.relations.filter((one) => inMonth(one, month))
  if (relations.length === 0) return say('OUTSIDE_RELATION', { month })
  if (line.lineSet === LineSet.INJURY_ONLY) return []
  if (!relations.some((one) => one.main)) return say('NOT_MAIN_RELATION')
  if (person.declaredBy) return say('DECLARED_ELSEWHERE')
  if (minimumWageFen === undefined || line.wageFen >= minimumWageFen * BigInt(line.months || 1)) return []
  return [fault(line.personId, chunk, 'BELOW_MINIMUM_WAGE', { minimum: formatFen(minimumWageFen) }, true)]
}

/** Negative and absurd wages; what the law has no month for. */
function sensible({ wageFen, months }: WageLine): boolean {
  return wageFen >= 0n && months >= 0 && months <= 12 && wageFen <= MAX_AVERAGE_FEN * BigInt(months || 1)
}

const inMonth = ({ from, to }: { readonly from: string; readonly to: string }, month: Month) =>
  from <= lastDay(month) && (to === '' || to >= `${month}-01`)

/** The same person in two chunks: the later one is the fault. */
export function checkTwice(
  chunks: readonly { readonly chunk: number; readonly lines: readonly Pick<WageLine, 'personId'>[] }[],
) {
  const first = new Map<string, number>()
  const faults: LineFault[] = []
  for (const { chunk, lines } of chunks)
    for (const { personId } of lines) {
      const before = first.get(personId)
      if (before === undefined) first.set(personId, chunk)
      else faults.push(fault(personId, chunk, 'TWICE_IN_FILE', { chunk: String(before) }))
    }
  return faults
}
