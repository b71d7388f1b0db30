// Outpatient tier: a yearly deductible, one ratio, a yearly limit and a ratio above it, in place of steps 8 to 10.
import { type Arg, HALF_UP_FEN, label, type Policy, type PolicyTable, q, type Val, yuan } from '@jinbao/core'
import { reduced, roundingOf } from './bands.ts'
import { levelRow, type Paid, statusRow, type Tier } from './figures.ts'
import { refuse } from './refusals.ts'

const names = {
  yearDeductible: label('op.year.deductible', 'O§3.7', 'CNY', '本年门诊已计起付线', 'outpatient deductible so far'),
  due: label('op.due', 'O§3.7', 'CNY', '门诊起付线余额', 'outpatient deductible still due'),
  deductible: label('deductible', 'O§3.7', 'CNY', '本次起付线', 'deductible applied'),
  ratio: label('op.ratio', 'O§3.4', 'RATE', '门诊支付比例', 'outpatient ratio'),
  yearPaid: label('op.year.paid', 'O§3.7', 'CNY', '本年门诊已付', 'paid for outpatient treatment so far'),
  room: label('op.room', 'O§3.7', 'CNY', '门诊限额余额', 'left under the outpatient limit'),
  pay: label('op.pay', 'O§3.7', 'CNY', '按比例支付', 'by the ratio'),
  pool: label('pool', 'O§3.7', 'CNY', '统筹基金支付', 'the pool pays'),
  used: label('op.used', 'O§3.7', 'CNY', '限额内费用', 'eligible used inside the limit'),
  rest: label('op.rest', 'O§3.7', 'CNY', '超限额费用', 'eligible above the limit'),
  large: label('large', 'O§3.7', 'CNY', '超限额支付', 'paid above the limit'),
}

/** The outpatient deductible still due this year, at most the eligible amount. */
function deductibleOf({ calc, facts, eligible }: Tier, policy: Policy): Val {
  const own = `medical.op.deductible.${statusRow(facts.standing)}`
  const yearly = policy.value(policy.has(own) ? own : 'medical.op.deductible.active')
  const had = calc.input(names.yearDeductible, yuan(facts.before.opDeductiblePaidFen), facts.source)
  const due = calc.max(calc.sub(yearly, had), calc.literal(0), names.due)
  return calc.min(eligible, due, names.deductible)
}

function ratioOf({ calc, facts }: Tier, policy: Policy): Arg {
  const level = levelRow(facts.standing.level, false)
  const own = facts.standing.retired && policy.has('medical.op.retiredRatio')
  const table: PolicyTable = policy.table(own ? 'medical.op.retiredRatio' : 'medical.op.ratio')
  if (!table.rows.has(level)) refuse('NO_RATIO_FOR_LEVEL', { level, key: table.policy.key })
  return reduced(calc, policy, calc.lookup(table, level, names.ratio), facts.standing.offRegion)
}

export function outpatient(tier: Tier, policy: Policy): Paid {
  const { calc, facts, eligible } = tier
  const deductible = deductibleOf(tier, policy)
  const ratio = ratioOf(tier, policy)
  const rounding = roundingOf(calc, policy)
  const base = calc.sub(eligible, deductible)
  const pay = calc.round(calc.mul(base, ratio), rounding, names.pay)
  if (!policy.has('medical.op.limit')) return { deductible, pool: pay, large: calc.literal(0) }
  const had = calc.input(names.yearPaid, yuan(facts.before.opPaidFen), facts.source)
  const room = calc.max(calc.sub(policy.value('medical.op.limit'), had), calc.literal(0), names.room)
  if (q.compare(pay, room) <= 0) return { deductible, pool: pay, large: calc.literal(0) }
  const used = calc.div(room, ratio, names.used)
  const rest = calc.round(calc.sub(base, used), HALF_UP_FEN, names.rest)
  const over = `medical.op.overLimitRatio.${statusRow(facts.standing)}`
  const large = policy.has(over)
    ? calc.round(calc.mul(rest, policy.value(over)), rounding, names.large)
    : calc.literal(0)
  return { deductible, pool: calc.min(pay, room, names.pool), large }
}
