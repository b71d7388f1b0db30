// Honest documents by the platform's own arithmetic and law, for the tests that set the verifier beside it.
import { Calc, type Explanation, HALF_UP_FEN, label, MonthSet, type PolicyOn, type Unit, yuan } from '@jinbao/core'
import { loadPolicy } from './book.ts'

export const book = loadPolicy()
const name = (id: string, unit: Unit = 'CNY', rule = 'P§2.4') => label(id, rule, unit, `${id}项`, id)

export interface Facts {
  readonly wageFen: bigint
  readonly accountFen: bigint
  readonly months: MonthSet
}

/** Every operation once, on real keys of the law. */
function compute(calc: Calc, policyOn: PolicyOn, { wageFen, accountFen, months }: Facts) {
  const [now, before] = [policyOn('2026-07-01'), policyOn('2024-08-01')]
  const wage = calc.input(name('wage', 'CNY', 'C-1'), yuan(wageFen), { event: 'e-1' })
  const account = calc.input(name('account'), yuan(accountFen), { document: 'book' })
  const paid = calc.months(name('paid', 'MONTHS', 'P-4'), months, { stream: 's-1' })
  calc.word(name('precision', 'WORD'), now.word('pension.yearsPrecision', ['2DP', 'EXACT']))
  const years = calc.round(calc.div(paid, calc.literal(12)), HALF_UP_FEN, name('years', 'YEARS'))
  const floor = calc.max(before.value('contribution.base.floor'), now.value('contribution.base.floor'))
  const base = calc.clamp(wage, floor, now.value('contribution.base.ceiling'), name('base', 'CNY', 'C-5'))
  const mean = calc.div(calc.add(base, now.value('pension.base')), calc.literal(2), name('mean'))
  const full = calc.round(calc.mul(calc.mul(mean, years), now.value('pension.accrual')), HALF_UP_FEN, name('full'))
  const enough = calc.compare(paid, 'ge', now.value('pension.minimumMonths'), name('enough', 'FLAG', 'P-4'))
  const basic = calc.choose(enough, full, calc.literal(0), name('basic'))
  const payout = calc.lookup(now.table('pension.payoutMonths'), '60', name('payout', 'MONTHS', 'P§2.6'))
  const part = calc.round(calc.div(account, payout), HALF_UP_FEN, name('part'))
  const capped = calc.min(part, calc.sub(account, calc.literal(0)), name('capped'))
  const total = calc.sum([basic, capped], name('total'))
  const rates = [now.value('contribution.rate.pension.employer'), now.value('contribution.rate.pension.employee')]
  const [employer, employee] = calc.split(total, rates, [
    name('employer', 'CNY', 'S-06'),
    name('employee', 'CNY', 'S-06'),
  ])
  return { basic, total, employer: employer!, employee: employee! }
}

const exampleFacts: Facts = {
  wageFen: 1331655n,
  accountFen: 18642037n,
  months: MonthSet.parse('1995-07..2010-12,2011-03..2026-06'),
}

export function honest(facts: Facts = exampleFacts, place = '110000'): Explanation {
  const calc = Calc.recording()
  const amounts = compute(calc, book.policyOn(place, { knownAt: '2026-08-05' }), facts)
  const about = { subject: { person: '7f3kq' }, place, day: '2026-07-01', knownAt: '2026-08-04T18:00:00Z' }
  return calc.explain(about, amounts)
}
