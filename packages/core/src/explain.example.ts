// A worked example of explained arithmetic, for tests and for whoever writes the next rule: EX-7, the pension of a
// man who retires in Beijing in July 2026. The law here is given by hand; services get it from policyOn(day).
import { Calc, type Explanation, label, type Unit } from './explain.ts'
import { yuan } from './money.ts'
import { MonthSet } from './month.ts'
import type { Asked, Mark, PolicyTable, PolicyValue, PolicyWord } from './policy.ts'
import { parseRational } from './rational.ts'
import { HALF_UP_FEN, halfUp } from './rounding.ts'

const asked: Asked = { place: '110000', day: '2026-07-31' }

export function lawOf(
  key: string,
  text: string,
  unit: Unit,
  zh = key,
  mark: Mark = 'certain',
  place = '000000',
): PolicyValue {
  const source = '国发〔2005〕38号 第六条'
  const title = { rule: 'P§2.4', zh, en: key }
  return { ...parseRational(text), unit, asked, title, policy: { key, place, from: '2006-01-01', source, mark } }
}

const base = lawOf('pension.base', '12049', 'CNY', '养老金计发基数', 'illustrative', '110000')
const perYear = lawOf('pension.accrual', '1%', 'RATE', '每缴费一年的计发比例')
const leastMonths = lawOf('pension.minimumMonths', '180', 'MONTHS', '最低缴费月数')
const payoutTable: PolicyTable = {
  rows: new Map([
    ['60y4m', parseRational('136.7')],
    ['60', parseRational('139')],
  ]),
  unit: 'MONTHS',
  asked,
  policy: { ...perYear.policy, key: 'pension.payoutMonths' },
}
const ageing: PolicyWord = { word: 'INTERPOLATED', asked, policy: { ...perYear.policy, key: 'pension.payoutAge' } }

const names = {
  paid: label('months.paid', 'P-4', 'MONTHS', '缴费月数', 'months paid'),
  index: label('index', 'P§2.5', 'INDEX', '平均缴费工资指数', 'average index'),
  account: label('account', 'P§2.1', 'CNY', '个人账户储存额', 'account balance'),
  enough: label('enough', 'P-4', 'FLAG', '达到最低缴费年限', 'minimum period reached'),
  years: label('years', 'P§2.4', 'YEARS', '缴费年限', 'years of contribution'),
  indexed: label('indexed', 'P§2.4', 'CNY', '本人指数化月平均缴费工资', 'indexed monthly wage'),
  mean: label('mean', 'P§2.4', 'CNY', '计发基数与指数化工资的平均值', 'mean of pension base and indexed wage'),
  basic: label('basic', 'P§2.4', 'CNY', '基础养老金', 'basic pension'),
  ageing: label('payoutAge', 'P§2.6', 'WORD', '计发年龄取法', 'how the payout age is taken'),
  payout: label('payout', 'P§2.6', 'MONTHS', '计发月数', 'payout months'),
  part: label('accountPart', 'P§2.6', 'CNY', '个人账户养老金', 'account pension'),
  total: label('total', 'P§2.4', 'CNY', '月养老金', 'monthly pension'),
}

export const retired = {
  months: MonthSet.range('1995-07', '2026-06'),
  index: '1.1052',
  accountFen: 18642037n,
}

/** The rule itself. The same lines compute plainly and with explanation. */
export function pension(calc: Calc) {
  const paid = calc.months(names.paid, retired.months, { stream: 'pension-account-7f3kq' })
  const index = calc.input(names.index, parseRational(retired.index), { document: '缴费记录核定表' })
  const account = calc.input(names.account, yuan(retired.accountFen), { event: 'evt-88' })
  const enough = calc.compare(paid, 'ge', leastMonths, names.enough)
  const years = calc.round(calc.div(paid, calc.literal(12)), HALF_UP_FEN, names.years)
  const indexed = calc.round(calc.mul(base, index), HALF_UP_FEN, names.indexed)
  const mean = calc.div(calc.add(base, indexed), calc.literal(2), names.mean)
  const full = calc.round(calc.mul(calc.mul(mean, years), perYear), halfUp(2))
  const basic = calc.choose(enough, full, calc.literal(0), names.basic)
  calc.word(names.ageing, ageing)
  const payout = calc.lookup(payoutTable, '60y4m', names.payout)
  const part = calc.round(calc.div(account, payout), HALF_UP_FEN, names.part)
  return { basic, account: part, total: calc.sum([basic, part], names.total) }
}

export function explainedPension(): Explanation {
  const calc = Calc.recording()
  const amounts = pension(calc)
  const about = { subject: { person: '7f3kq' }, place: '110000', day: '2026-07-31', knownAt: '2026-08-05T02:00:00Z' }
  return calc.explain(about, amounts)
}
