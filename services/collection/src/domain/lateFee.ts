// Late fee 滞纳金 of one month line: the exact sum over the days and the principal still unpaid on each, rounded once
// (C-19 to C-21, C-23, S-01); the employer alone bears it, and it goes to the fund, never to an account (C-22). Arrears that cross 2011-07-01 are split by the law of each day (C-20).
import {
  addDays,
  type Calc,
  type Day,
  daysBetween,
  HALF_UP_FEN,
  label,
  labelOf,
  type PolicyOn,
  type PolicyValue,
  q,
  type Source,
  type Val,
  yuan,
} from '@jinbao/core'

/** What was owed from when: the day after `dueOn` is the first late day. */
export interface Bill {
  readonly dueOn: Day
  readonly fen: bigint
}

export interface Payment {
  readonly on: Day
  readonly fen: bigint
}

const names = {
  unpaid: label('unpaid', 'C-19', 'CNY', '欠缴本金', 'principal unpaid'),
  days: label('days', 'C-21', 'DAYS', '欠缴天数', 'days late'),
  part: label('part', 'C-19', 'CNY', '分段滞纳金', 'late fee of the stretch'),
  exact: label('exact', 'C-21', 'CNY', '滞纳金（未取整）', 'late fee before rounding'),
  fee: label('fee', 'C-21', 'CNY', '滞纳金', 'late fee'),
  cap: label('cap', 'C-23', 'WORD', '滞纳金不超过本金', 'fee capped at the principal'),
  principal: label('principal', 'C-23', 'CNY', '应缴本金', 'principal'),
  capped: label('capped', 'C-23', 'CNY', '滞纳金（不超过本金）', 'late fee, capped'),
}

/** Days of one unpaid amount and one rate; both ends count. */
interface Stretch {
  readonly from: Day
  readonly to: Day
  readonly unpaidFen: bigint
  readonly daily: PolicyValue
}

/** The fee to a day, that day included: as if the rest were paid on it. */
export function lateFee(
  calc: Calc,
  arrears: { readonly bills: readonly Bill[]; readonly payments: readonly Payment[]; readonly until: Day },
  policyOn: PolicyOn,
  source: Source = {},
): Val {
  const parts = stretches(arrears, policyOn).map((stretch) => feeOf(calc, stretch, source))
  if (parts.length === 0) return calc.literal(0)
  const fee = calc.round(calc.sum(parts, names.exact), HALF_UP_FEN, names.fee)
  const cap = policyOn(arrears.until).word('lateFee.capAtPrincipal', ['true', 'false'])
  if (calc.word(names.cap, cap) === 'false') return fee
  const principal = arrears.bills.reduce((sum, { fen }) => sum + fen, 0n)
  return calc.min(fee, calc.input(names.principal, yuan(principal), source), names.capped)
}

function feeOf(calc: Calc, { from, to, unpaidFen, daily }: Stretch, source: Source): Val {
  const unpaid = calc.input(labelOf(names.unpaid, from), yuan(unpaidFen), source)
  const late = q.integer(daysBetween(from, to) + 1)
  const days = calc.input(labelOf(names.days, from), late, { document: `${from}..${to}` })
  return calc.mul(calc.mul(unpaid, daily), days, labelOf(names.part, from))
}

function stretches({ bills, payments, until }: Parameters<typeof lateFee>[1], policyOn: PolicyOn): readonly Stretch[] {
  // A bill counts from the day after its due day; a payment's own day still counts in full (C-21).
  const changes = [...bills.map(({ dueOn }) => addDays(dueOn, 1)), ...payments.map(({ on }) => addDays(on, 1))]
  const starts = [...new Set(changes)].filter((day) => day <= until).sort()
  return starts.flatMap((from, i) => {
    const next = starts[i + 1]
    const unpaidFen = unpaidOn(from, bills, payments)
    return unpaidFen > 0n ? byRate({ from, to: next ? addDays(next, -1) : until, unpaidFen }, policyOn) : []
  })
}

const sumOf = (all: readonly { readonly fen: bigint }[]) => all.reduce((sum, { fen }) => sum + fen, 0n)

function unpaidOn(day: Day, bills: readonly Bill[], payments: readonly Payment[]): bigint {
  return sumOf(bills.filter(({ dueOn }) => dueOn < day)) - sumOf(payments.filter(({ on }) => on < day))
}

/** C-20: cut where the daily rate changes, from the last day backwards. */
function byRate({ from, to, unpaidFen }: Omit<Stretch, 'daily'>, policyOn: PolicyOn): Stretch[] {
  const daily = policyOn(to).value('lateFee.daily')
  const since = daily.policy.from
  if (since <= from) return [{ from, to, unpaidFen, daily }]
  return [...byRate({ from, to: addDays(since, -1), unpaidFen }, policyOn), { from: since, to, unpaidFen, daily }]
}
