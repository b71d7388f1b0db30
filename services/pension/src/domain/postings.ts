// Interest postings of an account: which segments a year has, what each earns, and what is still to be posted. I-5
// holds because a posting is always the difference between what is due for a segment and what it already has.
import { Calc, type Day, type Month, type PolicyOn, toFen } from '@jinbao/core'
import { type InterestPosted, Segment } from '@jinbao/proto/pension/v1/events.ts'
import { addParts, balancesOf, noParts, type Parts, partsOf, subParts, totalOf } from './balances.ts'
import { type Book, balanceBefore, monthNumber, pageOf, withPage, yearsIn } from './book.ts'
import { yearOf } from './dated.ts'
import { interestOf, rateText, type SegmentFacts, type Terms, termsOf } from './interest.ts'

/** What of a life decides which segments a year has. */
export interface Holder {
  readonly personId: string
  readonly book: Book
  readonly retirementMonth: Month | ''
  readonly diedOn: Day | ''
}

export interface SegmentSpan {
  readonly segment: Segment
  readonly after: number
  readonly to: number
  readonly payout: boolean
}

/** The segments of a year: cut at the retirement month and at the month of death. */
export function segmentsOf({ retirementMonth, diedOn }: Holder, year: number): SegmentSpan[] {
  const deathYear = diedOn ? yearOf(diedOn) : undefined
  if (deathYear !== undefined && year > deathYear) return []
  const end = year === deathYear ? monthNumber(diedOn) : 12
  const last = year === deathYear ? Segment.TO_DEATH : undefined
  const retirementYear = retirementMonth ? yearOf(retirementMonth) : undefined
  if (retirementYear !== year) {
    const payout = retirementYear !== undefined && year > retirementYear
    return [{ segment: last ?? Segment.WHOLE_YEAR, after: 0, to: end, payout }]
  }
  const at = monthNumber(retirementMonth)
  const first = { segment: Segment.TO_RETIREMENT, after: 0, to: at, payout: false }
  if (end <= at) return [first]
  return [first, { segment: last ?? Segment.AFTER_RETIREMENT, after: at, to: end, payout: true }]
}

/** What stood on the account in a segment. */
export function factsOf({ personId, book }: Holder, year: number, span: SegmentSpan): SegmentFacts {
  const page = pageOf(book, year)
  const within = page.credits.filter(({ at }) => at > span.after && at <= span.to)
  const earlier = page.credits.filter(({ at }) => at <= span.after)
  const before =
    span.after > 0 ? addParts(sums(earlier), page.posted.get(Segment.TO_RETIREMENT)?.parts ?? noParts) : noParts
  const opening = addParts(balanceBefore(book, year), before)
  const charges = page.charges.filter(({ at }) => at > span.after && at <= span.to)
  return { ...span, year, opening, credits: within, charges, stream: `pension-account-${personId}` }
}

const sums = (credits: SegmentFacts['credits']): Parts =>
  noParts.map((_, part) => credits.reduce((sum, one) => (one.part === part ? sum + one.fen : sum), 0n))

/** A year's end is due when the year is over; what a retirement or a death cuts off is due at once. */
const isDue = ({ segment }: SegmentSpan, year: number, { today, over = yearOf(today) }: PostingOptions) =>
  segment === Segment.TO_RETIREMENT || segment === Segment.TO_DEATH || year < over

export interface PostingOptions {
  readonly policyOn: PolicyOn
  readonly today: Day
  /** Last year to post. */
  readonly upTo: number
  /** Years before this one are over; default by today. */
  readonly over?: number
  /** A retirement or death: earlier years are settled too, even where the region waits for the rate. */
  readonly settling?: boolean
  /** Only years that have a posting already: after a correction. */
  readonly onlyPosted?: boolean
}

/** All postings that are due, oldest first; later years see what the earlier ones add. */
export function duePostings(holder: Holder, options: PostingOptions): InterestPosted[] {
  const events: InterestPosted[] = []
  let at = holder
  const first = yearsIn(holder.book)[0]
  if (first === undefined) return events
  for (let year = first; year <= options.upTo; year++) {
    if (options.onlyPosted && pageOf(at.book, year).posted.size === 0) continue
    for (const event of postingsOfYear(at, year, options)) {
      events.push(event)
      at = { ...at, book: withPosting(at.book, event) }
    }
  }
  return events
}

function* postingsOfYear(start: Holder, year: number, options: PostingOptions): Iterable<InterestPosted> {
  let holder = start
  const spans = segmentsOf(holder, year)
  for (const [segment, { parts, rateYear }] of pageOf(holder.book, year).posted)
    if (totalOf(parts) !== 0n && !spans.some((span) => span.segment === segment)) {
      const event = reversal(holder.personId, year, segment, parts, rateYear, options.today)
      yield event
      holder = { ...holder, book: withPosting(holder.book, event) }
    }
  for (const span of spans) {
    if (!isDue(span, year, options)) continue
    const event = posting(holder, year, span, options)
    if (!event) continue
    yield event
    holder = { ...holder, book: withPosting(holder.book, event) }
  }
}

function posting(holder: Holder, year: number, span: SegmentSpan, options: PostingOptions): InterestPosted | undefined {
  const facts = factsOf(holder, year, span)
  const before = pageOf(holder.book, year).posted.get(span.segment)
  // Years of which only the months are known bear nothing, and their rate may not be on file.
  if (!before && facts.credits.length === 0 && facts.charges.length === 0 && totalOf(facts.opening) === 0n)
    return undefined
  const cut = span.segment === Segment.TO_RETIREMENT || span.segment === Segment.TO_DEATH
  const terms = termsOf(Calc.plain(), options.policyOn, year, options.settling || cut)
  if (!terms) return undefined
  const { parts } = interestOf(Calc.plain(), facts, terms)
  const { provisional, year: rateYear } = terms.rate
  const change = before ? subParts(parts, before.parts) : parts
  if (before && change.every((fen) => fen === 0n) && before.provisional === provisional) return undefined
  return {
    personId: holder.personId,
    year,
    segment: span.segment,
    interestFen: totalOf(change),
    parts: balancesOf(change),
    rate: rateText(terms),
    rateYear,
    provisional,
    correction: before !== undefined,
    postedOn: options.today,
  }
}

/** A segment that turned out not to be one: the death or retirement of its year became known later. */
function reversal(
  personId: string,
  year: number,
  segment: Segment,
  parts: Parts,
  rateYear: number,
  today: Day,
): InterestPosted {
  const back = subParts(noParts, parts)
  return {
    personId,
    year,
    segment,
    interestFen: totalOf(back),
    parts: balancesOf(back),
    rate: '0',
    rateYear,
    provisional: false,
    correction: true,
    postedOn: today,
  }
}

export function withPosting(book: Book, { year, segment, parts, provisional, rateYear }: InterestPosted): Book {
  return withPage(book, year, ({ posted }) => {
    const before = posted.get(segment)?.parts ?? noParts
    return { posted: new Map(posted).set(segment, { parts: addParts(before, partsOf(parts)), provisional, rateYear }) }
  })
}

export interface ExplainedInterest {
  readonly calc: Calc
  readonly terms: Terms
  readonly interest: ReturnType<typeof interestOf>
}

/** The same posting again, recorded: `holder` as it stood before the event, the law as it was known then. */
export function explainPosting(
  holder: Holder,
  event: InterestPosted,
  policyOn: PolicyOn,
): ExplainedInterest | undefined {
  const span = segmentsOf(holder, event.year).find((one) => one.segment === event.segment)
  const calc = Calc.recording()
  const terms = span && termsOf(calc, policyOn, event.year, true)
  if (!span || !terms) return undefined
  const interest = interestOf(calc, factsOf(holder, event.year, span), terms)
  const due =
    toFen(interest.total) - totalOf(pageOf(holder.book, event.year).posted.get(event.segment)?.parts ?? noParts)
  if (due !== event.interestFen)
    throw new Error(`interest of ${event.year} comes out as ${due}, was ${event.interestFen}`)
  return { calc, terms, interest }
}
