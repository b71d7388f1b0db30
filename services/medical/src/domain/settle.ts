// The settlement of a bill (O§3.7): sixteen steps in order. Step 1 (standing) and 2 (year) are decided before.
import {
  Calc,
  type Explanation,
  HALF_UP_FEN,
  label,
  labelOf,
  type Policy,
  type PolicyOn,
  q,
  toFen,
  type Val,
  yuan,
} from '@jinbao/core'
import { type Accumulators, type LayerPaid, type Settlement, Treatment } from '@jinbao/proto/medical/v1/events.ts'
import { roundingOf, thresholds } from './bands.ts'
import type { BillFacts, Paid, Scope, Tier } from './figures.ts'
import { inpatient } from './inpatient.ts'
import { outpatient } from './outpatient.ts'
import { scopeOf } from './scope.ts'

const names = {
  selfPay: label('I', 'O§3.7', 'CNY', '范围内个人自付', 'in-scope self-pay'),
  yearSelfPay: label('year.selfPay', 'O§3.7', 'CNY', '本年范围内自付', 'in-scope self-pay of the year before'),
  above: label('serious.above', 'O§3.7', 'CNY', '超大病起付线', 'above the serious-illness threshold'),
  bound: label('serious.bound', 'O§3.4', 'CNY', '大病分段界限', 'bound of a serious-illness band'),
  ratio: label('serious.ratio', 'O§3.4', 'RATE', '大病支付比例', 'serious-illness ratio'),
  had: label('year.serious', 'O§3.7', 'CNY', '本年大病已付', 'serious-illness money of the year before'),
  serious: label('serious', 'O§3.7', 'CNY', '大病保险支付', 'serious-illness insurance pays'),
  layerRatio: label('layer.ratio', 'O§3.7', 'RATE', '补充支付比例', 'ratio of a further layer'),
  layer: label('layer', 'O§3.7', 'CNY', '补充支付', 'a further layer pays'),
  funds: label('funds', 'O§3.7', 'CNY', '各项基金支付', 'all funds together'),
  person: label('P', 'O§3.7', 'CNY', '个人支付', 'the person pays'),
  pays: label('account.pays', 'MED-05', 'WORD', '账户支付范围', 'what the account may pay'),
}

interface Amounts extends Scope, Paid {
  readonly selfPay: Val
  readonly serious: Val
  readonly layers: readonly { readonly layer: string; readonly amount: Val }[]
  readonly funds: Val
  readonly person: Val
  readonly limit: Val
}

/** Step 12: bands count from the threshold; only the increment, never below 0 nor above this bill's I. */
function seriousPays({ calc, facts }: Tier, policy: Policy, selfPay: Val): Val {
  if (!policy.has('medical.serious.deductible')) return calc.literal(0)
  const { before, source } = facts
  const year = calc.add(calc.input(names.yearSelfPay, yuan(before.inScopeSelfPayFen), source), selfPay)
  const nothing = calc.literal(0)
  const above = calc.max(calc.sub(year, policy.value('medical.serious.deductible')), nothing, names.above)
  if (above.n === 0n) return nothing
  const table = policy.table('medical.serious.bands')
  const rows = thresholds(table, '')
  const parts: Val[] = []
  for (const [i, { row, from }] of rows.entries()) {
    if (q.compare(above, from) <= 0) break
    const next = rows[i + 1]
    const upper = next ? calc.min(above, calc.input(labelOf(names.bound, i + 1), next.from, {})) : above
    const seg = i === 0 ? upper : calc.sub(upper, calc.input(labelOf(names.bound, i), from, {}))
    parts.push(calc.round(calc.mul(seg, calc.lookup(table, row, names.ratio)), roundingOf(calc, policy)))
  }
  const due = calc.sub(calc.sum(parts), calc.input(names.had, yuan(before.seriousPaidFen), source))
  return calc.clamp(due, nothing, selfPay, names.serious)
}

/** Step 13: further layers in order, each its share of what is left. */
function layersPay({ calc, facts }: Tier, policy: Policy, left: Val): Amounts['layers'] {
  if (facts.standing.layers.length === 0 || !policy.has('medical.supplement.ratio')) return []
  const table = policy.table('medical.supplement.ratio')
  let rest = left
  return [...table.rows.keys()]
    .filter((layer) => facts.standing.layers.includes(layer))
    .map((layer) => {
      const ratio = calc.lookup(table, layer, labelOf(names.layerRatio, layer))
      const amount = calc.round(calc.mul(rest, ratio), HALF_UP_FEN, labelOf(names.layer, layer))
      rest = calc.sub(rest, amount)
      return { layer, amount }
    })
}

const chronicLike = label('chronic.paidLike', 'O§3.4', 'WORD', '慢特病支付方式', 'what chronic treatment is paid like')

/** Chronic treatment is paid like a stay or like a visit, by the region's choice. */
export function paidAs(treatment: Treatment, policy: Policy, calc: Calc = Calc.plain()): Treatment {
  if (treatment !== Treatment.CHRONIC) return treatment
  const like = calc.word(chronicLike, policy.word('medical.chronic.paidLike', ['INPATIENT', 'OUTPATIENT']))
  return like === 'OUTPATIENT' ? Treatment.OUTPATIENT : Treatment.CHRONIC
}

const paidOn = (tier: Tier, policy: Policy): Paid =>
  paidAs(tier.facts.treatment, policy, tier.calc) === Treatment.OUTPATIENT
    ? outpatient(tier, policy)
    : inpatient(tier, policy)

function amountsOf(calc: Calc, policy: Policy, facts: BillFacts): Amounts {
  const scope = scopeOf(calc, facts)
  const tier: Tier = { calc, facts, eligible: scope.eligible }
  const nothing = calc.literal(0)
  const { covered } = facts.standing
  const paid = covered ? paidOn(tier, policy) : { deductible: nothing, pool: nothing, large: nothing }
  const selfPay = calc.sub(calc.sub(scope.eligible, paid.pool), paid.large, names.selfPay)
  const serious = covered ? seriousPays(tier, policy, selfPay) : nothing
  const layers = covered ? layersPay(tier, policy, calc.sub(selfPay, serious)) : []
  const others = layers.map(({ amount }) => amount)
  const funds = calc.sum([paid.pool, paid.large, serious, ...others], names.funds)
  const person = calc.sub(scope.total, funds, names.person)
  const inScope = calc.sub(calc.sub(selfPay, serious), calc.sum(others))
  return {
    ...scope,
    ...paid,
    selfPay,
    serious,
    layers,
    funds,
    person,
    limit: limitOf(tier, policy, inScope, calc.sub(person, scope.outOfScope)),
  }
}

/** Step 14: I alone, or also B and L; class C is never the account's. */
function limitOf({ calc, facts }: Tier, policy: Policy, inScope: Val, inCatalogue: Val): Val {
  if (!facts.standing.covered) return calc.literal(0)
  const words = ['IN_SCOPE', 'IN_SCOPE_FIRST_PAY_AND_CEILING'] as const
  return calc.word(names.pays, policy.word('medical.account.pays', words)) === 'IN_SCOPE' ? inScope : inCatalogue
}

function settlementOf(one: Amounts): Settlement {
  const layers: LayerPaid[] = one.layers.map(({ layer, amount }) => ({ layer, amountFen: toFen(amount) }))
  return {
    totalFen: toFen(one.total),
    outOfScopeFen: toFen(one.outOfScope),
    overCeilingFen: toFen(one.overCeiling),
    firstPayFen: toFen(one.firstPay),
    eligibleFen: toFen(one.eligible),
    deductibleFen: toFen(one.deductible),
    poolFen: toFen(one.pool),
    largeFen: toFen(one.large),
    selfPayFen: toFen(one.selfPay),
    seriousFen: toFen(one.serious),
    layers,
    fundFen: toFen(one.funds),
    personFen: toFen(one.person),
    accountLimitFen: toFen(one.limit),
  }
}

export function settle(policyOn: PolicyOn, lawOn: string, facts: BillFacts): Settlement {
  return balanced(settlementOf(amountsOf(Calc.plain(), policyOn(lawOn), facts)))
}

export function explainSettlement(
  policyOn: PolicyOn,
  lawOn: string,
  facts: BillFacts,
  about: Pick<Explanation, 'subject' | 'place' | 'knownAt'>,
): { readonly settlement: Settlement; readonly explanation: Explanation } {
  const calc = Calc.recording()
  const one = amountsOf(calc, policyOn(lawOn), facts)
  const { pool, large, serious, person, eligible, deductible, selfPay } = one
  const tiers = Object.entries({ deductible, pool, large, serious }).filter(([, { n }]) => n !== 0n)
  const amounts = { eligible, selfPay, funds: one.funds, person, ...Object.fromEntries(tiers) }
  return {
    settlement: balanced(settlementOf(one)),
    explanation: calc.explain({ ...about, day: lawOn }, amounts),
  }
}

/** Step 15. A bill that does not balance is a defect, never an answer. */
export function balanced(one: Settlement): Settlement {
  const layers = one.layers.reduce((sum, { amountFen }) => sum + amountFen, 0n)
  const funds = one.poolFen + one.largeFen + one.seriousFen + layers
  const person = one.outOfScopeFen + one.overCeilingFen + one.firstPayFen + one.selfPayFen - one.seriousFen - layers
  const { outOfScopeFen: c, overCeilingFen: l, firstPayFen: b, eligibleFen: e } = one
  const terms = [c, l, b, e, one.deductibleFen, one.poolFen, one.largeFen, one.selfPayFen, one.seriousFen, person]
  const whole = funds === one.fundFen && person === one.personFen && funds + person === one.totalFen
  if (!whole || terms.some((term) => term < 0n)) throw new RangeError('a settlement that does not balance')
  return one
}

/** Step 16, by what the bill was paid as. A bill that is not covered moves nothing. */
export function accumulate(
  before: Accumulators,
  treatment: Treatment,
  covered: boolean,
  one: Settlement,
): Accumulators {
  if (!covered) return before
  const shared = {
    ...before,
    inScopeSelfPayFen: before.inScopeSelfPayFen + one.selfPayFen,
    seriousPaidFen: before.seriousPaidFen + one.seriousFen,
  }
  if (treatment === Treatment.OUTPATIENT)
    return {
      ...shared,
      opEligibleFen: before.opEligibleFen + one.eligibleFen,
      opPaidFen: before.opPaidFen + one.poolFen + one.largeFen,
      opDeductiblePaidFen: before.opDeductiblePaidFen + one.deductibleFen,
    }
  const chronic = treatment === Treatment.CHRONIC
  return {
    ...shared,
    admissions: before.admissions + (chronic ? 0 : 1),
    eligibleFen: before.eligibleFen + one.eligibleFen,
    poolPaidFen: before.poolPaidFen + one.poolFen,
    largePaidFen: before.largePaidFen + one.largeFen,
    deductiblePaidFen: before.deductiblePaidFen + (chronic ? 0n : one.deductibleFen),
    chronicDeductiblePaidFen: before.chronicDeductiblePaidFen + (chronic ? one.deductibleFen : 0n),
  }
}
