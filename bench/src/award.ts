// Pension awards with their explanation, on one core: the account's book of 31 years is in memory, as the account's
// state has it; index, award and the document as it is kept with the award are made each time.
import { Calc, MonthSet } from '@jinbao/core'
import { averageIndex } from '@jinbao/pension/domain/average-index.ts'
import { award } from '@jinbao/pension/domain/award.ts'
import { type Book, careerIn, monthNumber, withRecord } from '@jinbao/pension/domain/book.ts'
import { loadPolicy } from '@jinbao/policy'
import { Insured } from '@jinbao/proto/collection/v1/events.ts'
import { median, perSecond, type Row, rate } from './measure.ts'

const COUNT = 5_000
const GOAL = 10_000
const retirementMonth = '2026-07'

/** Until 2022 the old system kept an index for each month and no base. */
function bookOf(months: MonthSet): Book {
  let book: Book = new Map()
  for (const month of months) {
    const old = month < '2022-07'
    book = withRecord(book, month, {
      month: monthNumber(month),
      baseFen: old ? 0n : 900_000n,
      accountFen: 72_000n,
      indexTenThousandths: old ? 11_000n : 0n,
      part: 1,
      interestFrom: month,
      insured: Insured.INSURED_UNSPECIFIED,
      receiptId: '',
    })
  }
  return book
}

export async function awardBench(): Promise<Row[]> {
  const policyOn = loadPolicy().policyOn('110000')
  const actual = MonthSet.parse(`1995-08..${retirementMonth}`)
  const book = bookOf(actual)
  const about = { subject: { person: 'p' }, place: '110000', day: '2026-07-01', knownAt: '2026-07-01T00:00:00Z' }
  const one = (n: number) => {
    const calc = Calc.recording()
    const stream = `pension-account-p${n}`
    const counted = { actual, deemed: MonthSet.parse('') }
    const career = careerIn(book, stream)
    const facts = { stream, birthMonth: '1966-03', retirementMonth, counted, balanceFen: 18_642_037n + BigInt(n) }
    const index = averageIndex(calc, policyOn, retirementMonth, career, counted)
    const { basic, account, transitional, total } = award(calc, policyOn, { ...facts, special: false }, index)
    return JSON.stringify(calc.explain(about, { basic, account, transitional, total }))
  }
  const round = () =>
    rate(COUNT, async () => {
      for (let n = 0; n < COUNT; n++) one(n)
    })
  await round()
  const rounds: number[] = []
  for (let n = 0; n < 5; n++) rounds.push(await round())
  const found = median(rounds)
  const document = one(0)
  return [
    {
      what: 'pension awards with explanation, one core, 372 months each',
      ours: perSecond(found),
      beside: `explanation of ${(document.length / 1_024).toFixed(1)} kB as JSON`,
      result: '–',
      goal: `≥ ${GOAL.toLocaleString('en')}/s`,
      met: found >= GOAL,
    },
  ]
}
