// Steps 7 to 9 (O§3.7): ratios, bands in order, the yearly cap of the pool.
import {
  type Arg,
  type Calc,
  FLOOR_FEN,
  HALF_UP_FEN,
  label,
  labelOf,
  type Policy,
  type PolicyTable,
  parseRational,
  q,
  type Rational,
  type Rounding,
  type Val,
  yuan,
} from '@jinbao/core'
import { OffRegion } from '@jinbao/proto/medical/v1/events.ts'
import { type BillFacts, levelRow, statusRow, type Tier } from './figures.ts'
import { refuse } from './refusals.ts'

const names = {
  rounding: label('rounding', 'G-02', 'WORD', '分段取整', 'rounding of each band'),
  ratio: label('ratio', 'O§3.4', 'RATE', '分段支付比例', 'ratio of a band'),
  retiree: label('ratio.retiree', 'O§3.4', 'RATE', '退休人员支付比例', 'ratio of a retiree'),
  reduced: label(
    'ratio.offRegion',
    'O§3.5',
    'RATE',
    '异地降低后比例',
    'ratio after the points for treatment elsewhere',
  ),
  scope: label('bandScope', 'O§3.4', 'WORD', '分段口径', 'what the bands count'),
  coordinate: label('bandCoordinate', 'O§3.4', 'WORD', '分段起点', 'whether bands count the deductible'),
  yearEligible: label('year.eligible', 'O§3.4', 'CNY', '本年已计政策范围内费用', 'eligible in the year so far'),
  yearDeductible: label('year.deductible', 'O§3.4', 'CNY', '本年已计起付线', 'deductibles of the year so far'),
  yearPool: label('year.pool', 'O§3.7', 'CNY', '本年统筹已付', 'paid by the pool in the year so far'),
  bound: label('band.bound', 'O§3.4', 'CNY', '分段界限', 'bound of a band'),
  seg: label('band.part', 'O§3.7', 'CNY', '分段费用', 'part in a band'),
  pay: label('band.paid', 'O§3.7', 'CNY', '分段支付', 'paid in a band'),
  basis: label('capBasis', 'O§3.4', 'WORD', '封顶线口径', 'what the cap counts'),
  room: label('cap.room', 'O§3.7', 'CNY', '封顶线余额', 'left under the cap'),
  rest: label('rest', 'O§3.7', 'CNY', '超封顶线费用', 'eligible above the cap'),
  pool: label('pool', 'O§3.7', 'CNY', '统筹基金支付', 'the pool pays'),
}

export function roundingOf(calc: Calc, policy: Policy): Rounding {
  const word = calc.word(names.rounding, policy.word('medical.rounding', ['HALF_UP_FEN', 'FLOOR_FEN']))
  return word === 'FLOOR_FEN' ? FLOOR_FEN : HALF_UP_FEN
}

export const pointsKey = (group: OffRegion): string | undefined =>
  ({
    [OffRegion.LONG_TERM]: 'medical.offRegion.minus.longTerm',
    [OffRegion.TEMPORARY]: 'medical.offRegion.minus.temporary',
    [OffRegion.UNREGISTERED]: 'medical.offRegion.minus.unregistered',
  })[group as string]

/** Points off for treatment elsewhere, never below zero. */
export function reduced(calc: Calc, policy: Policy, ratio: Arg, group: OffRegion): Arg {
  const key = pointsKey(group)
  return key ? calc.max(calc.sub(ratio, policy.value(key)), calc.literal(0), names.reduced) : ratio
}

export interface Threshold {
  readonly row: string
  readonly from: Rational
}

const sorted = new WeakMap<object, Map<string, readonly Threshold[]>>()
/** Rows of a table of thresholds under a prefix, lowest first. A table is printed once and asked a million times. */
export function thresholds(table: PolicyTable, prefix: string): readonly Threshold[] {
  const known = sorted.get(table.rows) ?? new Map<string, readonly Threshold[]>()
  sorted.set(table.rows, known)
  const found = known.get(prefix)
  if (found) return found
  const list = [...table.rows.keys()]
    .filter((row) => row.startsWith(prefix))
    .map((row) => ({ row, from: parseRational(row.slice(prefix.length)) }))
    .sort((a, b) => q.compare(a.from, b.from))
  known.set(prefix, list)
  return list
}

interface Band {
  readonly lo: Rational
  readonly hi: Rational | undefined
  readonly ratio: Arg
}

/** Step 7. Own rows for retirees, or an active person's with the retiree's factor (1 − f × (1 − r)). */
function bandsOf(calc: Calc, policy: Policy, facts: BillFacts): Band[] {
  const table = policy.table('medical.ip.bands')
  const level = levelRow(facts.standing.level, true)
  const own = thresholds(table, `${level}/${statusRow(facts.standing)}/`)
  const rows = own.length > 0 ? own : thresholds(table, `${level}/active/`)
  if (rows.length === 0) refuse('NO_RATIO_FOR_LEVEL', { level, key: 'medical.ip.bands' })
  const byFactor = facts.standing.retired && own.length === 0 && policy.has('medical.ip.retireeShareFactor')
  return rows.map(({ row, from }, i) => {
    const base = calc.lookup(table, row, names.ratio)
    const ratio = byFactor ? retiree(calc, policy, base) : base
    return { lo: from, hi: rows[i + 1]?.from, ratio: reduced(calc, policy, ratio, facts.standing.offRegion) }
  })
}

function retiree(calc: Calc, policy: Policy, base: Val): Val {
  const one = calc.literal(1)
  return calc.sub(one, calc.mul(policy.value('medical.ip.retireeShareFactor'), calc.sub(one, base)), names.retiree)
}

interface Span {
  readonly start: Val
  readonly end: Val
}

/** Step 8: where this bill lies on the bands' scale. */
function spanOf({ calc, facts, eligible }: Tier, policy: Policy, deductible: Val): Span {
  const scope = calc.word(names.scope, policy.word('medical.ip.bandScope', ['ADMISSION', 'YEAR']))
  const words = ['WITH_DEDUCTIBLE', 'AFTER_DEDUCTIBLE'] as const
  const withDeductible =
    calc.word(names.coordinate, policy.word('medical.ip.bandCoordinate', words)) === 'WITH_DEDUCTIBLE'
  const start = withDeductible ? deductible : calc.literal(0)
  const end = withDeductible ? eligible : calc.sub(eligible, deductible)
  if (scope === 'ADMISSION') return { start, end }
  const { before, source } = facts
  const all = calc.input(names.yearEligible, yuan(before.eligibleFen), source)
  const had = before.deductiblePaidFen + before.chronicDeductiblePaidFen
  const so = withDeductible ? all : calc.sub(all, calc.input(names.yearDeductible, yuan(had), source))
  return { start: calc.add(so, start), end: calc.add(so, end) }
}

export interface PoolPaid {
  readonly pool: Val
  /** Eligible beyond the cap, rounded once (step 9). */
  readonly rest: Val
}

interface Cap {
  /** Fund money still free; undefined when the cap counts eligible money. */
  money: Val | undefined
  /** Where on the scale the cap cuts, when it counts eligible money. */
  readonly cut: Val | undefined
}

export function poolPays(tier: Tier, policy: Policy, deductible: Val): PoolPaid {
  const { calc, facts } = tier
  const rounding = roundingOf(calc, policy)
  const { start, end } = spanOf(tier, policy, deductible)
  const cap = capOf(tier, policy, deductible, start)
  const paid: Val[] = []
  const rests: Val[] = []
  for (const [i, { lo, hi, ratio }] of bandsOf(calc, policy, facts).entries()) {
    if (q.compare(end, lo) <= 0 || (hi && q.compare(start, hi) >= 0)) continue
    const lower = i === 0 ? start : calc.max(start, calc.input(names.bound, lo, {}))
    const upper = hi ? calc.min(end, calc.input(labelOf(names.bound, i + 1), hi, {})) : end
    inBand(calc, { lower, upper, ratio }, cap, rounding, paid, rests)
  }
  const pool = calc.sum(paid, names.pool)
  return { pool, rest: calc.round(calc.sum(rests), HALF_UP_FEN, names.rest) }
}

function capOf({ calc, facts }: Tier, policy: Policy, deductible: Val, start: Val): Cap {
  const basis = calc.word(names.basis, policy.word('medical.cap.basis', ['FUND_PAID', 'ELIGIBLE']))
  const cap = policy.value('medical.cap.pool')
  const { before, source } = facts
  if (basis === 'FUND_PAID') {
    const room = calc.sub(cap, calc.input(names.yearPool, yuan(before.poolPaidFen), source))
    return { money: calc.max(room, calc.literal(0), names.room), cut: undefined }
  }
  const left = calc.sub(cap, calc.input(names.yearEligible, yuan(before.eligibleFen), source))
  const room = calc.max(calc.sub(left, deductible), calc.literal(0), names.room)
  return { money: undefined, cut: calc.add(start, room) }
}

interface Part {
  readonly lower: Val
  readonly upper: Val
  readonly ratio: Arg
}

/** Passed when the rounded payment exceeds the room strictly; a band at ratio 0 never passes (reading on §3.7.9). */
function inBand(calc: Calc, part: Part, cap: Cap, rounding: Rounding, paid: Val[], rests: Val[]): void {
  const { ratio, lower } = part
  let { upper } = part
  if (cap.cut && q.compare(upper, cap.cut) > 0) {
    const at = calc.max(lower, cap.cut)
    rests.push(calc.sub(upper, at))
    upper = at
  }
  const seg = calc.sub(upper, lower, names.seg)
  const pay = calc.round(calc.mul(seg, ratio), rounding, names.pay)
  const { money } = cap
  if (!money) {
    paid.push(pay)
    return
  }
  const kept = calc.min(pay, money)
  if (q.compare(pay, money) > 0) rests.push(calc.sub(seg, calc.div(money, ratio)))
  paid.push(kept)
  cap.money = calc.sub(money, kept)
}
