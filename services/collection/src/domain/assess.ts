// What a person's month comes to: five lines, two sides, each amount rounded once (DC-05, G-02). The same lines
// compute a million months plainly and one month with its explanation.
import {
  Calc,
  type Explanation,
  firstDay,
  HALF_UP_FEN,
  type Label,
  label,
  type Source,
  toFen,
  type Unit,
  type Val,
} from '@jinbao/core'
import { type AssessedLine, type LineDue, LineSet, type WageLine } from '@jinbao/proto/collection/v1/events.ts'
import { Line } from '@jinbao/proto/common/v1/common.ts'
import { averageWage, clampedBase, roundedWage } from './base.ts'
import { lineKeys, type Share, type Terms } from './terms.ts'

interface LineNames {
  readonly employer: Label
  readonly employee: Label
  readonly account: Label
  readonly share: Label
}

const lineNames = (line: Line, rule: string, zh: string): LineNames => {
  const key = lineKeys[line as keyof typeof lineKeys]
  const of = (side: string, sideZh: string, sideEn: string) =>
    label(`${key}.${side}`, rule, 'CNY', `${zh}${sideZh}`, `${key}, ${sideEn}`)
  return {
    employer: of('employer', '单位缴费', 'employer side'),
    employee: of('employee', '个人缴费', 'employee side'),
    account: of('account', '记入个人账户', 'credited to the account'),
    share: of('share', '个人按比例缴费', 'employee side by the rate'),
  }
}

const names: Readonly<Record<string, LineNames>> = {
  [Line.PENSION]: lineNames(Line.PENSION, 'P§2.1', '养老保险'),
  [Line.MEDICAL]: lineNames(Line.MEDICAL, 'MED-01', '医疗保险'),
  [Line.UNEMPLOYMENT]: lineNames(Line.UNEMPLOYMENT, 'UI-02', '失业保险'),
  [Line.INJURY]: lineNames(Line.INJURY, 'DC-09', '工伤保险'),
  [Line.MATERNITY]: lineNames(Line.MATERNITY, 'MA-02', '生育保险'),
}
const named = (id: string, rule: string, unit: Unit, zh: string, en: string) => label(id, rule, unit, zh, en)
const maternityWay = named('maternity.way', 'MA-01', 'WORD', '生育保险征收方式', 'how maternity is collected')
const injuryBase = named('injury.base', 'DC-09', 'WORD', '工伤保险缴费基数口径', 'which base injury takes')
const benchmark = named('injury.benchmark', 'WI-01', 'RATE', '行业基准费率', 'benchmark rate of the class')
const floating = named('injury.float', 'WI-01', 'RATE', '浮动档次', 'floating step')
const unitRate = named('injury.rate', 'WI-02', 'RATE', '单位费率', 'rate of the unit')

/** One line of a month inside a calculation. */
export interface LineAmounts {
  readonly line: Line
  readonly employer: Val
  readonly employee: Val
  readonly account: Val
}

export interface Assessed {
  readonly base: Val
  readonly lines: readonly LineAmounts[]
}

export function assess(
  calc: Calc,
  terms: Terms,
  wage: WageLine,
  source: Source,
  rate: Val = injuryRate(calc, terms),
): Assessed {
  const rounded = roundedWage(calc, terms.base, averageWage(calc, wage, source))
  const base = clampedBase(calc, terms.base, rounded)
  const none = calc.literal(0)
  const lines: LineAmounts[] = []
  if (wage.lineSet !== LineSet.INJURY_ONLY) {
    calc.word(maternityWay, terms.maternity)
    for (const share of terms.shares) lines.push(lineAmounts(calc, share, base, none))
  }
  lines.push(injuryAmounts(calc, terms, rate, base, rounded, none))
  return { base, lines }
}

function lineAmounts(calc: Calc, share: Share, base: Val, none: Val): LineAmounts {
  const { line } = share
  const called = names[line]!
  const employer = share.employer ? calc.round(calc.mul(base, share.employer), HALF_UP_FEN, called.employer) : none
  if (!share.employee) return { line, employer, employee: none, account: none }
  const byRate = calc.round(calc.mul(base, share.employee), HALF_UP_FEN, share.fixed ? called.share : called.employee)
  const employee = share.fixed ? calc.add(byRate, share.fixed, called.employee) : byRate
  return { line, employer, employee, account: accountPart(calc, share, base, byRate, none) }
}

/** P§2.1: the employee's amount, and more where the account takes more than she pays. MED-04: own rate only. */
function accountPart(calc: Calc, { line, account }: Share, base: Val, byRate: Val, none: Val): Val {
  if (account === undefined) return none
  if (account === 'EMPLOYEE_RATE') return byRate
  return calc.round(calc.mul(base, account), HALF_UP_FEN, names[line]!.account)
}

/** WI-02, DC-09: class × float × temporary factor, exact; the premium is rounded per person. */
export function injuryRate(calc: Calc, { injury }: Terms): Val {
  const byClass = calc.lookup(injury.classes, injury.riskClass, benchmark)
  const floated = calc.mul(byClass, calc.lookup(injury.floats, injury.floatStep, floating))
  return calc.mul(floated, injury.factor, unitRate)
}

function injuryAmounts(calc: Calc, terms: Terms, rate: Val, base: Val, rounded: Val, none: Val): LineAmounts {
  const on = calc.word(injuryBase, terms.injury.base) === 'CLAMPED' ? base : rounded
  const premium = calc.round(calc.mul(on, rate), HALF_UP_FEN, names[Line.INJURY]!.employer)
  return { line: Line.INJURY, employer: premium, employee: none, account: none }
}

const plain = Calc.plain()
const noSource: Source = {}

/** A chunk's persons; the unit rate is the same for all of them. */
export function assessLines(terms: Terms, wages: readonly WageLine[]): AssessedLine[] {
  const rate = injuryRate(plain, terms)
  return wages.map((wage) => {
    const { base, lines } = assess(plain, terms, wage, noSource, rate)
    return { wage, baseFen: toFen(base), lines: lines.map(dueOf) }
  })
}

export const dueOf = ({ line, employer, employee, account }: LineAmounts): LineDue => ({
  line,
  employerFen: toFen(employer),
  employeeFen: toFen(employee),
  accountFen: toFen(account),
})

/** The explanation of a month, made again: the same function with a calculation that keeps its steps. */
export function explainLine(
  terms: Terms,
  wage: WageLine,
  about: { readonly source: Source; readonly place: string; readonly knownAt: string; readonly employerId: string },
): Explanation {
  const calc = Calc.recording()
  const { base, lines } = assess(calc, terms, wage, about.source)
  const amounts: Record<string, Val> = { base }
  for (const { line, employer, employee, account } of lines) {
    const key = lineKeys[line as keyof typeof lineKeys]
    Object.assign(amounts, { [`${key}.employer`]: employer })
    if (employee.n !== 0n) Object.assign(amounts, { [`${key}.employee`]: employee })
    if (account.n !== 0n) Object.assign(amounts, { [`${key}.account`]: account })
  }
  const subject = { person: wage.personId, employer: about.employerId, month: terms.month }
  return calc.explain({ subject, place: about.place, day: firstDay(terms.month), knownAt: about.knownAt }, amounts)
}
