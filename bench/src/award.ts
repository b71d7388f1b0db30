// Pension awards with their explanation, on one core: a worker of 31 years, the document as it is kept with the award.
import { Calc, MonthSet } from '@jinbao/core'
import { averageIndex, careerOf } from '@jinbao/pension/domain/average-index.ts'
import { award } from '@jinbao/pension/domain/award.ts'
import { loadPolicy } from '@jinbao/policy'
import { median, perSecond, type Row, rate } from './measure.ts'

const COUNT = 5_000
const GOAL = 10_000
const retirementMonth = '2026-07'

export async function awardBench(): Promise<Row[]> {
  const policyOn = loadPolicy().policyOn('110000')
  const actual = MonthSet.parse(`1995-08..${retirementMonth}`)
  // What the old system kept of the years before: an index for each month.
  const opening = { baseFen: 0n, indexTenThousandths: 11_000n }
  const months = [...actual].map(
    (month) => [month, month < '2022-07' ? opening : { baseFen: 900_000n, indexTenThousandths: 0n }] as const,
  )
  const about = { subject: { person: 'p' }, place: '110000', day: '2026-07-01', knownAt: '2026-07-01T00:00:00Z' }
  const one = (n: number) => {
    const calc = Calc.recording()
    const stream = `pension-account-p${n}`
    const counted = { actual, deemed: MonthSet.parse('') }
    const career = careerOf(stream, months)
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
      what: 'pension awards with explanation, one core, 372 months of bases each',
      ours: perSecond(found),
      beside: `explanation of ${(document.length / 1_024).toFixed(1)} kB as JSON`,
      result: '–',
      goal: `≥ ${GOAL.toLocaleString('en')}/s`,
      met: found >= GOAL,
    },
  ]
}
