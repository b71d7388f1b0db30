// The account's books: months, credits, charges and posted interest, a page a year. Pure data and sums.
import { type Day, largestRemainder, type Month, MonthSet, monthOf } from '@jinbao/core'
import type { Insured } from '@jinbao/proto/collection/v1/events.ts'
import type { Segment } from '@jinbao/proto/pension/v1/events.ts'
import type { Career } from './average-index.ts'
import { addParts, noParts, type Parts, totalOf } from './balances.ts'
import { yearOf } from './dated.ts'
import type { Movement } from './interest.ts'

/** A paid month. */
export interface MonthRecord {
  /** Month of the year, 1 to 12. */
  readonly month: number
  readonly baseFen: bigint
  readonly accountFen: bigint
  readonly indexTenThousandths: bigint
  readonly part: number
  readonly interestFrom: Month
  readonly insured: Insured
  readonly receiptId: string
}

export interface Posted {
  readonly parts: Parts
  readonly provisional: boolean
  readonly rateYear: number
}

export interface YearPage {
  readonly months: ReadonlyMap<number, MonthRecord>
  /** Balances that were taken over at the year's beginning. */
  readonly brought: Parts
  /** By the month from which they bear interest. */
  readonly credits: readonly Movement[]
  /** Pension charged, by the month it was for. */
  readonly charges: readonly Movement[]
  readonly posted: ReadonlyMap<Segment, Posted>
}

export type Book = ReadonlyMap<number, YearPage>

export const emptyPage: YearPage = { months: new Map(), brought: noParts, credits: [], charges: [], posted: new Map() }

export const pageOf = (book: Book, year: number): YearPage => book.get(year) ?? emptyPage

export function withPage(book: Book, year: number, change: (page: YearPage) => Partial<YearPage>): Book {
  const page = pageOf(book, year)
  return new Map(book).set(year, { ...page, ...change(page) })
}

export const monthNumber = (month: Month | Day): number => Number(month.slice(5, 7))

export function recordOf(book: Book, month: Month): MonthRecord | undefined {
  return book.get(yearOf(month))?.months.get(monthNumber(month))
}

export function withRecord(book: Book, month: Month, record: MonthRecord | undefined): Book {
  return withPage(book, yearOf(month), ({ months }) => {
    const next = new Map(months)
    if (record) next.set(record.month, record)
    else next.delete(monthNumber(month))
    return { months: next }
  })
}

/** Adds to what bears interest from a month on; amounts of one month and part become one. */
export function withCredit(book: Book, interestFrom: Month, part: number, fen: bigint): Book {
  if (fen === 0n) return book
  const at = monthNumber(interestFrom)
  return withPage(book, yearOf(interestFrom), ({ credits }) => {
    const before = credits.find((one) => one.at === at && one.part === part)
    const rest = credits.filter((one) => one !== before)
    return { credits: [...rest, { at, part, fen: fen + (before?.fen ?? 0n) }] }
  })
}

export const yearsIn = (book: Book): number[] => [...book.keys()].sort((a, b) => a - b)

const sumOf = (movements: readonly Movement[]): Parts =>
  movements.reduce<Parts>((sum, { part, fen }) => sum.map((one, i) => (i === part ? one + fen : one)), noParts)
const postedIn = (page: YearPage): Parts =>
  [...page.posted.values()].reduce((sum, one) => addParts(sum, one.parts), noParts)
const chargedIn = (page: YearPage): bigint => page.charges.reduce((sum, { fen }) => sum + fen, 0n)

/** What the parts hold when an amount was charged to the account as a whole. */
export function remaining(parts: Parts, charged: bigint): Parts {
  if (charged === 0n) return parts
  return largestRemainder(
    totalOf(parts) - charged,
    parts.map((fen) => (fen < 0n ? 0n : fen)),
  )
}

/** The account at the beginning of a year, or, without one, with everything that is in the book. */
export function balanceBefore(book: Book, year = Number.POSITIVE_INFINITY): Parts {
  let parts = noParts
  let charged = 0n
  for (const [at, page] of book) {
    if (at > year) continue
    parts = addParts(parts, page.brought)
    if (at === year) continue
    parts = addParts(addParts(parts, sumOf(page.credits)), postedIn(page))
    charged += chargedIn(page)
  }
  return remaining(parts, charged)
}

export function monthsIn(book: Book): MonthSet {
  const months: Month[] = []
  for (const year of yearsIn(book))
    for (const month of pageOf(book, year).months.keys()) months.push(monthOf(year * 12 + month - 1))
  return MonthSet.of(months)
}

/** Own contributions of a life, as the cap of D-5 asks for them. */
export function ownContributions(book: Book): bigint {
  let sum = 0n
  for (const page of book.values()) for (const record of page.months.values()) sum += record.accountFen
  return sum
}

export function careerIn(book: Book, stream: string): Career {
  return { stream, years: yearsIn(book).map((year) => [year, [...pageOf(book, year).months.values()]] as const) }
}
