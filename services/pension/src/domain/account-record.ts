// What an account takes over as a whole: opening records of old systems, and another account of the same person.
import { isMonth, type Month, MonthSet, monthOf, type World } from '@jinbao/core'
import { Insured } from '@jinbao/proto/collection/v1/events.ts'
import { AccountPart, type Credit, type MonthRun, OpeningRecord, Segment } from '@jinbao/proto/pension/v1/events.ts'
import { checkMonth, defaultPart } from './account-credit.ts'
import type { AccountEvent, OpenAccount } from './account-state.ts'
import { addParts, balancesOf, PARTS, partIndex, partsOf, totalOf } from './balances.ts'
import {
  type Book,
  balanceBefore,
  type MonthRecord,
  monthNumber,
  monthsIn,
  pageOf,
  withCredit,
  withPage,
  withRecord,
  type YearPage,
  yearsIn,
} from './book.ts'
import { yearOf } from './dated.ts'
import { refuse } from './refusals.ts'

const RUN = /^(\d{4}-(?:0[1-9]|1[0-2]))(?:\.\.(\d{4}-(?:0[1-9]|1[0-2])))?$/

export function monthsOf(text: string, field: string): MonthSet {
  const good = text === '' || text.split(',').every((run) => goodRun(RUN.exec(run)))
  return good ? MonthSet.parse(text) : refuse('BAD_MONTH_SET', { field, value: text })
}

const goodRun = (match: RegExpExecArray | null): boolean =>
  match !== null && (match[2] === undefined || match[1]! <= match[2])

export function importRecord(account: OpenAccount, record: OpeningRecord, world: World): AccountEvent[] {
  if (account.done.has(record.recordId)) return []
  let months = monthsIn(account.book)
  for (const run of record.runs) {
    const set = monthsOf(run.months, 'months')
    const last = set.last()
    if (last) checkMonth(account, last, world)
    if (run.baseFen < 0n || run.accountFen < 0n) refuse('BAD_AMOUNT', { field: 'runs', value: run.baseFen })
    const [twice] = months.intersect(set)
    if (twice) refuse('MONTH_ALREADY_CREDITED', { month: twice })
    months = months.union(set)
  }
  monthsOf(record.deemedMonths, 'deemed_months')
  checkBalances(record)
  const data = { personId: account.personId, record, importedOn: world.today }
  return [{ type: 'OpeningRecordImported', data }]
}

function checkBalances({ balancesUntil, balances }: OpeningRecord): void {
  if (balancesUntil === '' && partsOf(balances).every((fen) => fen === 0n)) return
  if (!isMonth(balancesUntil) || monthNumber(balancesUntil) !== 12)
    refuse('BALANCES_NOT_AT_YEAR_END', { month: balancesUntil })
  if (partsOf(balances).some((fen) => fen < 0n)) refuse('BAD_AMOUNT', { field: 'balances', value: 'negative' })
}

/** Both accounts' money stays; a month that both have counts once (P-4) and its second payment has to be cleared. */
export function takeOver(account: OpenAccount, absorbedId: string, record: OpeningRecord): AccountEvent[] {
  if (account.done.has(record.recordId)) return []
  const incoming = record.runs.reduce((all, run) => all.union(MonthSet.parse(run.months)), MonthSet.empty)
  const duplicateMonths = incoming.intersect(monthsIn(account.book)).toString()
  return [{ type: 'AccountTakenOver', data: { personId: account.personId, absorbedId, record, duplicateMonths } }]
}

export function withRecordTaken(account: OpenAccount, record: OpeningRecord | undefined): OpenAccount {
  if (!record) return account
  let { book } = account
  const mine = monthsIn(book)
  const until = record.balancesUntil
  if (until) {
    const brought = partsOf(record.balances)
    book = withPage(book, yearOf(until) + 1, (page) => ({ brought: addParts(page.brought, brought) }))
  }
  for (const run of record.runs)
    for (const month of MonthSet.parse(run.months)) {
      if (!mine.has(month)) book = withRecord(book, month, monthRecord(run, month, record.recordId))
      if (!record.creditsListed && month > until) book = withCredit(book, month, runPart(run, month), run.accountFen)
    }
  for (const { interestFrom, part, amountFen } of record.credits)
    book = withCredit(book, interestFrom, partIndex(part), amountFen)
  return {
    ...account,
    book,
    deemed: account.deemed.union(MonthSet.parse(record.deemedMonths)),
    done: new Set(account.done).add(record.recordId),
  }
}

const runPart = ({ part }: MonthRun, month: Month): number =>
  partIndex(part === AccountPart.ACCOUNT_PART_UNSPECIFIED ? defaultPart(month) : part)

function monthRecord(run: MonthRun, month: Month, recordId: string): MonthRecord {
  const { baseFen, accountFen, indexTenThousandths, insured } = run
  const part = runPart(run, month)
  return {
    month: monthNumber(month),
    baseFen,
    accountFen,
    indexTenThousandths,
    part,
    interestFrom: month,
    insured: insured === Insured.INSURED_UNSPECIFIED ? Insured.EMPLOYEE : insured,
    receiptId: recordId,
  }
}

/** The whole account as a record: balances to the last posted December, later credits one by one, months as runs. */
export function carriedOf({ personId, book, deemed }: OpenAccount): OpeningRecord {
  const money = yearsIn(book).filter((year) => hasMoney(pageOf(book, year)))
  const open = money.find((year) => !pageOf(book, year).posted.has(Segment.WHOLE_YEAR)) ?? (money.at(-1) ?? 0) + 1
  const credits = money.filter((year) => year >= open).flatMap((year) => creditsOf(book, year, open))
  return OpeningRecord.create({
    recordId: `merge:${personId}`,
    sourceSystem: `account of ${personId}`,
    runs: runsOf(book),
    deemedMonths: deemed.toString(),
    balancesUntil: `${open - 1}-12`,
    balances: balancesOf(balanceBefore(book, open)),
    creditsListed: true,
    credits,
  })
}

const hasMoney = ({ brought, credits, charges }: YearPage): boolean =>
  credits.length > 0 || charges.length > 0 || totalOf(brought) !== 0n

/** Balances that came at a later year's beginning are what a credit in its January is. */
function creditsOf(book: Book, year: number, open: number): Credit[] {
  const { credits, brought } = pageOf(book, year)
  const later = year > open ? brought.map((fen, part) => ({ at: 1, part, fen })) : []
  return [...later, ...credits]
    .filter(({ fen }) => fen !== 0n)
    .map(({ at, part, fen }) => ({ interestFrom: monthOf(year * 12 + at - 1), part: PARTS[part]!, amountFen: fen }))
}

function runsOf(book: Book): MonthRun[] {
  const runs = new Map<string, { of: MonthRecord; months: Month[] }>()
  for (const year of yearsIn(book))
    for (const record of pageOf(book, year).months.values()) {
      const { baseFen, accountFen, indexTenThousandths, insured, part } = record
      const key = [baseFen, accountFen, indexTenThousandths, insured, part].join()
      const run = runs.get(key) ?? { of: record, months: [] }
      run.months.push(monthOf(year * 12 + record.month - 1))
      runs.set(key, run)
    }
  return [...runs.values()].map(({ of, months }) => ({
    months: MonthSet.of(months).toString(),
    baseFen: of.baseFen,
    accountFen: of.accountFen,
    indexTenThousandths: of.indexTenThousandths,
    insured: of.insured,
    part: PARTS[of.part]!,
  }))
}
