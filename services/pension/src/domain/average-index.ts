// Average contribution index (P§2.5): bases in yuan against the average wage in use for each month, rounded once.
import {
  type Calc,
  firstDay,
  halfUp,
  type Label,
  label,
  labelOf,
  type MonthSet,
  type PolicyOn,
  q,
  type Val,
  yuan,
} from '@jinbao/core'
import { yearOf } from './dated.ts'
import type { CountedMonths } from './entitlement.ts'
import { refuse } from './refusals.ts'

const INDEX = 'P§2.5'
const names = {
  bases: label('bases', INDEX, 'CNY', '缴费基数合计', 'sum of contribution bases'),
  ratio: label('ratio', INDEX, 'INDEX', '缴费基数与平均工资之比合计', 'bases over the average wage in use'),
  given: label('given', INDEX, 'INDEX', '原系统缴费指数', 'index kept by the old system'),
  form: label('form', INDEX, 'WORD', '指数算法', 'form of the index'),
  actualSum: label('actualSum', INDEX, 'INDEX', '实际缴费指数合计', 'sum over actual months'),
  actualMonths: label('months.actual', INDEX, 'MONTHS', '实际缴费月数', 'actual months'),
  deemedMonths: label('months.deemed', INDEX, 'MONTHS', '视同缴费月数', 'deemed months'),
  deemedSum: label('deemedSum', INDEX, 'INDEX', '视同缴费指数合计', 'sum over deemed months'),
  actualIndex: label('index.actual', INDEX, 'INDEX', '实际缴费平均指数', 'average index of actual months'),
  index: label('index', INDEX, 'INDEX', '平均缴费工资指数', 'average index'),
}

export interface CareerMonth {
  /** Month of the year, 1 to 12. */
  readonly month: number
  readonly baseFen: bigint
  /** Ratio kept by an old system that kept no base; 0 when there is none. */
  readonly indexTenThousandths: bigint
}

/** A working life as the account knows it. */
export interface Career {
  readonly stream: string
  readonly years: Iterable<readonly [year: number, months: readonly CareerMonth[]]>
}

export interface Indexes {
  readonly index: Val
  /** Of actual months only; some transitional formulas ask for it. */
  readonly actualIndex: Val
}

/** Months under one average wage. */
interface Group {
  readonly year: number
  readonly start: number
  fen: bigint
}

/** Sums by the average that bounded them: that of the contribution year (July to June where it starts in July). */
function groups(policyOn: PolicyOn, career: Career, actual: MonthSet, yearly: boolean) {
  const byYear = new Map<number, Group>()
  const given = new Map<bigint, number>()
  for (const [year, months] of career.years) {
    let start: number | undefined
    for (const { month, baseFen, indexTenThousandths: index } of months) {
      if (!includes(actual, year * 12 + month - 1)) continue
      if (baseFen > 0n) start ??= yearStart(policyOn, year, index > 0n)
      const of = yearly || month >= (start ?? 0) ? year : year - 1
      if (start === undefined || (index > 0n && !averageKnown(policyOn, of, start))) {
        given.set(index, (given.get(index) ?? 0) + 1)
        continue
      }
      const group = byYear.get(of) ?? { year: of, start, fen: 0n }
      group.fen += baseFen
      byYear.set(of, group)
    }
  }
  return { byYear: [...byYear.values()].sort((a, b) => a.year - b.year), given }
}

/** As MonthSet.has, without writing the month out: an index walks a whole working life. */
const includes = (set: MonthSet, at: number): boolean => set.runs.some(([from, to]) => from <= at && at <= to)

/** First month of the place's contribution year; it may be unknown for years whose index the old system kept. */
function yearStart(policyOn: PolicyOn, year: number, mayMiss: boolean): number | undefined {
  const policy = policyOn(`${year}-12-31`)
  if (mayMiss && !policy.has('contribution.year.start')) return undefined
  return Number(policy.value('contribution.year.start').n)
}

const startDay = (year: number, start: number) => `${year}-${String(start).padStart(2, '0')}-01`
const averageKnown = (policyOn: PolicyOn, year: number, start: number) =>
  policyOn(startDay(year, start)).has('wage.average.contribution')

function actualSum(calc: Calc, policyOn: PolicyOn, career: Career, actual: MonthSet, yearly: boolean): Val {
  const { byYear, given } = groups(policyOn, career, actual, yearly)
  const source = { stream: career.stream }
  const terms = byYear.map(({ year, start, fen }) => {
    const average = policyOn(startDay(year, start)).value('wage.average.contribution')
    return calc.div(calc.input(labelOf(names.bases, year), yuan(fen), source), average, labelOf(names.ratio, year))
  })
  for (const [index, months] of given)
    terms.push(calc.mul(calc.input(names.given, { n: index, d: 10_000n }, source), calc.literal(months)))
  return calc.sum(terms, names.actualSum)
}

/** `counted`: months up to retirement. The law is that of the retirement month. */
export function averageIndex(
  calc: Calc,
  policyOn: PolicyOn,
  retirement: string,
  career: Career,
  counted: CountedMonths,
): Indexes {
  const policy = policyOn(firstDay(retirement))
  const deemedOnly = counted.deemed.minus(counted.actual)
  if (counted.actual.size === 0 && deemedOnly.size === 0) refuse('NO_MONTHS')
  const precision = halfUp(Number(policy.value('pension.index.precision').n))
  const cap = policy.value('pension.index.cap')
  const final = (sum: Val, months: Val, name: Label) =>
    calc.min(calc.round(calc.div(sum, months), precision), cap, name)
  const yearly = calc.word(names.form, policy.word('pension.index.form', ['MONTHLY', 'YEARLY'])) === 'YEARLY'
  const sum = actualSum(calc, policyOn, career, counted.actual, yearly)
  const months = calc.months(names.actualMonths, counted.actual, { stream: career.stream })
  // Yearly form: each year's bases over twelve averages, and years that are months/12: the twelves cancel exactly.
  const actualIndex = counted.actual.size > 0 ? final(sum, months, names.actualIndex) : undefined
  // Without an index of deemed months they take the person's own average.
  if (deemedOnly.size === 0 || (actualIndex && !policy.has('pension.index.deemed')))
    return { index: actualIndex!, actualIndex: actualIndex! }
  const deemedMonths = calc.months(names.deemedMonths, deemedOnly, { stream: career.stream })
  const deemedSum = calc.mul(deemedMonths, policy.value('pension.index.deemed'), names.deemedSum)
  const index = final(calc.add(sum, deemedSum), calc.add(months, deemedMonths), names.index)
  return { index, actualIndex: actualIndex ?? index }
}

/** An index certified on paper: what regressions on printed notices and estimates start from. */
export function givenIndex(calc: Calc, text: string, document: string): Indexes {
  const index = calc.input(names.index, q.parseRational(text), { document })
  return { index, actualIndex: index }
}

/** Months of a table of years, for careers that are not an account's. */
export function careerOf(stream: string, months: Iterable<readonly [string, Omit<CareerMonth, 'month'>]>): Career {
  const years = new Map<number, CareerMonth[]>()
  for (const [month, facts] of months) {
    const year = yearOf(month)
    const list = years.get(year) ?? []
    list.push({ month: Number(month.slice(5, 7)), ...facts })
    years.set(year, list)
  }
  return { stream, years }
}
