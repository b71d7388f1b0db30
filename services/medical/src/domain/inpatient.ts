// Inpatient tier, and chronic treatment where the region pays it alike: steps 6 to 10 (O§3.7).
import { label, type Policy, q, type Val, yuan } from '@jinbao/core'
import { Treatment } from '@jinbao/proto/medical/v1/events.ts'
import { pointsKey, poolPays, roundingOf } from './bands.ts'
import { levelRow, type Paid, statusRow, type Tier } from './figures.ts'
import { refuse } from './refusals.ts'

const names = {
  due: label('ip.due', 'O§3.4', 'CNY', '住院起付线', 'inpatient deductible'),
  chronicHad: label('chronic.year.deductible', 'O§3.7', 'CNY', '本年慢特病已计起付线', 'chronic deductible so far'),
  chronicDue: label('chronic.due', 'O§3.4', 'CNY', '慢特病起付线余额', 'chronic deductible still due'),
  deductible: label('deductible', 'O§3.7', 'CNY', '本次起付线', 'deductible applied'),
  applies: label('offRegion.appliesTo', 'O§3.5', 'WORD', '异地降低比例适用', 'which tiers the points lower'),
  yearLarge: label('year.large', 'O§3.7', 'CNY', '本年大额已付', 'paid by the large-amount tier so far'),
  largeRoom: label('large.room', 'O§3.7', 'CNY', '大额余额', 'left in the large-amount tier'),
  byRatio: label('large.byRatio', 'O§3.7', 'CNY', '大额按比例支付', 'large-amount tier by its ratio'),
  large: label('large', 'O§3.7', 'CNY', '大额补助支付', 'large-amount tier pays'),
}

/** Step 6. By level, ordinal of the stay in the year and status; chronic treatment has one deductible a year. */
function deductibleOf({ calc, facts, eligible }: Tier, policy: Policy): Val {
  const { before, standing, source } = facts
  if (facts.treatment === Treatment.CHRONIC) {
    const had = calc.input(names.chronicHad, yuan(before.chronicDeductiblePaidFen), source)
    const due = calc.max(calc.sub(policy.value('medical.chronic.deductible'), had), calc.literal(0), names.chronicDue)
    return calc.min(eligible, due, names.deductible)
  }
  const table = policy.table('medical.ip.deductible')
  const row = `${levelRow(standing.level, true)}/${before.admissions === 0 ? 'first' : 'later'}/${statusRow(standing)}`
  if (!table.rows.has(row)) refuse('NO_RATIO_FOR_LEVEL', { level: row, key: table.policy.key })
  return calc.min(eligible, calc.lookup(table, row, names.due), names.deductible)
}

/** Step 10. Without a ratio the region has no such tier; without a cap it has no end. */
function largePays({ calc, facts }: Tier, policy: Policy, rest: Val): Val {
  const key = `medical.large.ratio.${statusRow(facts.standing)}`
  if (rest.n === 0n || !policy.has(key)) return calc.literal(0)
  const points = pointsKey(facts.standing.offRegion)
  const words = ['BANDS', 'BANDS_AND_LARGE'] as const
  const lowered = points && calc.word(names.applies, policy.word('medical.offRegion.appliesTo', words)) !== 'BANDS'
  const ratio = lowered
    ? calc.max(calc.sub(policy.value(key), policy.value(points)), calc.literal(0))
    : policy.value(key)
  const paid = calc.round(calc.mul(rest, ratio), roundingOf(calc, policy), names.byRatio)
  if (!policy.has('medical.large.cap')) return paid
  const had = calc.input(names.yearLarge, yuan(facts.before.largePaidFen), facts.source)
  const room = calc.max(calc.sub(policy.value('medical.large.cap'), had), calc.literal(0), names.largeRoom)
  return q.compare(paid, room) > 0 ? calc.min(paid, room, names.large) : paid
}

export function inpatient(tier: Tier, policy: Policy): Paid {
  const deductible = deductibleOf(tier, policy)
  const { pool, rest } = poolPays(tier, policy, deductible)
  return { deductible, pool, large: largePays(tier, policy, rest) }
}
