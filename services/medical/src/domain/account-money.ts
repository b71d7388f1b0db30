// Money on the account: paid months, a retiree's fixed amount, interest, use, inheritance (MED-03 to MED-07).
import {
  Calc,
  completedMonths,
  type Day,
  firstDay,
  HALF_UP_FEN,
  isDay,
  isMonth,
  label,
  type Month,
  MonthSet,
  monthIndex,
  monthOf,
  monthOfDay,
  type PolicyOn,
  type PolicyTable,
  q,
  toFen,
  type Val,
  type World,
  yuan,
} from '@jinbao/core'
import { MonthSource } from '@jinbao/proto/medical/v1/events.ts'
import type { AccountCommand } from './account.ts'
import { type AccountEvent, elsewhereOf, isKnown, type OpenAccount } from './account-state.ts'
import { thresholds } from './bands.ts'
import { refuse } from './refusals.ts'
import { mayPayFor } from './relatives.ts'
import { lifetimeBy } from './retirement.ts'

type Of<T extends AccountCommand['type']> = Extract<AccountCommand, { type: T }>

const names = {
  base: label('base', 'MED-01', 'CNY', '缴费基数', 'contribution base'),
  own: label('own', 'MED-04', 'CNY', '本人缴费', 'own contribution'),
  kind: label('kind', 'MED-03', 'WORD', '划入办法', 'what is credited'),
  share: label('share', 'MED-03', 'RATE', '单位缴费划入比例', "part of the employer's money"),
  employer: label('employer', 'MED-03', 'CNY', '单位缴费划入', "credited of the employer's money"),
  credit: label('credit', 'MED-04', 'CNY', '划入个人账户', 'credited to the account'),
  flexible: label('flexible', 'MED-07', 'WORD', '灵活就业账户方式', 'whether flexible workers have an account'),
  balance: label('balance', 'MED-06', 'CNY', '月末余额', 'balance at the end of a month'),
  product: label('product', 'MED-06', 'CNY', '月末余额合计', 'sum of month-end balances'),
  interest: label('interest', 'MED-06', 'CNY', '利息', 'interest'),
}

/** The row of a table by age that holds at an age. */
function byAge(calc: Calc, table: PolicyTable, age: number, name: typeof names.share): Val {
  const row = thresholds(table, '').findLast(({ from }) => q.compare(from, q.integer(age)) <= 0)
  return calc.lookup(table, row?.row ?? '0', name)
}

const ageIn = (birthMonth: Month | '', month: Month) =>
  birthMonth ? Math.max(0, Math.floor(completedMonths(birthMonth, month) / 12)) : 0

type CreditFacts = Pick<Of<'CreditMonth'>, 'month' | 'source' | 'baseFen' | 'accountFen' | 'birthMonth'>

/** MED-03, MED-04, MED-07: what of a month goes to the account. */
export function creditOf(calc: Calc, policyOn: PolicyOn, facts: CreditFacts): Val {
  const policy = policyOn(firstDay(facts.month))
  const own = calc.input(names.own, yuan(facts.accountFen), {})
  if (facts.source === MonthSource.FLEXIBLE) {
    const kind = calc.word(names.flexible, policy.word('medical.account.flexible', ['WITH_ACCOUNT', 'POOL_ONLY']))
    return kind === 'POOL_ONLY' ? calc.literal(0) : own
  }
  const kind = calc.word(names.kind, policy.word('medical.account.kind', ['OWN_ONLY', 'OWN_AND_SHARE']))
  if (kind === 'OWN_ONLY' || facts.source !== MonthSource.EMPLOYEE) return own
  const age = ageIn(facts.birthMonth, facts.month)
  const share = byAge(calc, policy.table('medical.account.employerShare'), age, names.share)
  const base = calc.input(names.base, yuan(facts.baseFen), {})
  return calc.add(own, calc.round(calc.mul(base, share), HALF_UP_FEN, names.employer), names.credit)
}

export function checkMonth(month: Month, field = 'month'): void {
  if (!isMonth(month)) refuse('BAD_MONTH', { field, value: month })
}
export function checkDay(field: string, day: Day): void {
  if (!isDay(day)) refuse('BAD_DAY', { field, value: day })
}

export function creditMonth(state: OpenAccount, command: Of<'CreditMonth'>, world: World): AccountEvent[] {
  const { month, source, baseFen, receivedOn, receiptId, personId } = command
  checkMonth(month)
  checkDay('received_on', receivedOn)
  if (source === MonthSource.MONTH_SOURCE_UNSPECIFIED) refuse('SOURCE_MISSING')
  if (source === MonthSource.DISABILITY_ALLOWANCE && baseFen === 0n) refuse('ALLOWANCE_MISSING')
  if (baseFen < 0n) refuse('BAD_FEN', { field: 'base_fen', value: baseFen })
  if (command.accountFen < 0n) refuse('BAD_FEN', { field: 'account_fen', value: command.accountFen })
  const known = state.months.get(month)
  if (known?.receiptId === receiptId) return []
  if (known) refuse('MONTH_ALREADY_CREDITED', { month })
  if (state.lifetimeFrom && month >= state.lifetimeFrom) refuse('RETIREE_DOES_NOT_PAY')
  if (state.diedOn && month > monthOfDay(state.diedOn)) refuse('MONTH_AFTER_DEATH', { month })
  if (elsewhereOf(state).has(month)) refuse('MONTH_COVERED_ELSEWHERE', { month })
  const accountFen = toFen(creditOf(Calc.plain(), world.policyOn, command))
  const event: AccountEvent = {
    type: 'MonthCredited',
    data: { personId, month, source, baseFen, accountFen, receivedOn, receiptId },
  }
  return [event, ...lifetimeBy(state, [event])]
}

export function adjustMonth(state: OpenAccount, command: Of<'AdjustMonth'>): AccountEvent[] {
  const { month, correctionId, withdrawn, personId, correctedOn } = command
  if (state.corrections.has(correctionId)) return []
  const known = state.months.get(month)
  if (!known) return refuse('MONTH_NOT_CREDITED', { month })
  const change = withdrawn ? { baseFen: -known.baseFen, accountFen: -known.accountFen } : command
  if (known.accountFen + change.accountFen < 0n) refuse('BAD_FEN', { field: 'account_fen', value: change.accountFen })
  const { baseFen, accountFen } = change
  return [
    { type: 'MonthAdjusted', data: { personId, month, baseFen, accountFen, withdrawn, correctionId, correctedOn } },
  ]
}

/** MED-04: a fixed amount, not growing with the pension, for every month still open. MED-02: nothing is paid in. */
export function creditRetiree(state: OpenAccount, command: Of<'CreditRetiree'>, world: World): AccountEvent[] {
  const { personId, birthMonth } = command
  const { lifetimeFrom, diedOn } = state
  if (!lifetimeFrom) return []
  const last = diedOn && monthOfDay(diedOn) < command.month ? monthOfDay(diedOn) : command.month
  return [...MonthSet.range(lifetimeFrom, last).minus(state.retireeMonths)].map((month) => {
    const table = world.policyOn(firstDay(month)).table('medical.account.retireeMonthly')
    const amountFen = toFen(byAge(Calc.plain(), table, ageIn(birthMonth, month), names.credit))
    return { type: 'RetireeCredited', data: { personId, month, amountFen, on: world.today } }
  })
}

// --- interest --------------------------------------------------------------------------------------------------------

/** MED-06: the rate of the year on what stood on the account at the end of each month. */
export function interestOf(
  calc: Calc,
  policyOn: PolicyOn,
  year: number,
  openingFen: bigint,
  moves: OpenAccount['moves'],
): Val {
  let balance = openingFen
  for (const [month, fen] of moves) if (month < `${year}-01`) balance += fen
  const ends: Val[] = []
  for (let at = 0; at < 12; at++) {
    balance += moves.get(monthOf(year * 12 + at)) ?? 0n
    ends.push(calc.input(names.balance, yuan(balance), {}))
  }
  const rate = policyOn(`${year}-12-31`).value('medical.account.interestRate')
  const product = calc.sum(ends, names.product)
  return calc.round(calc.div(calc.mul(product, rate), calc.literal(12)), HALF_UP_FEN, names.interest)
}

export function postInterest(state: OpenAccount, { personId, year }: Of<'PostInterest'>, world: World): AccountEvent[] {
  if (year >= Number(world.today.slice(0, 4))) refuse('YEAR_NOT_OVER', { year })
  const first = [...state.moves.keys()].sort()[0]
  if (!isKnown(state) || state.interestUntil >= year || (!first && state.openingFen === 0n)) return []
  const from = state.interestUntil ? state.interestUntil + 1 : Math.floor(monthIndex(first!) / 12)
  const events: AccountEvent[] = []
  let openingFen = state.openingFen
  for (let at = from; at <= year; at++) {
    const ofYear = new Map([...state.moves].filter(([month]) => month.startsWith(`${at}-`)))
    const interestFen = toFen(interestOf(Calc.plain(), world.policyOn, at, openingFen, ofYear))
    events.push({ type: 'InterestPosted', data: { personId, year: at, interestFen, on: world.today } })
    openingFen = [...ofYear.values()].reduce((sum, fen) => sum + fen, openingFen) + interestFen
  }
  return events
}

// --- use -------------------------------------------------------------------------------------------------------------

export function use(state: OpenAccount, command: Of<'Use'>, world: World): AccountEvent[] {
  const { personId, useId, institutionId, amountFen } = command
  const forPersonId = command.forPersonId || personId
  const known = state.uses.get(useId)
  if (known) {
    if (known.amountFen === amountFen && known.forPersonId === forPersonId) return []
    return refuse('USE_EXISTS')
  }
  if (amountFen === 0n) return []
  if (amountFen < 0n) refuse('BAD_FEN', { field: 'amount_fen', value: amountFen })
  mayPayFor(state, forPersonId, world)
  if (amountFen > state.balanceFen) refuse('BALANCE_TOO_LOW', { balance: state.balanceFen })
  return [{ type: 'AccountUsed', data: { personId, useId, forPersonId, institutionId, amountFen, on: world.today } }]
}

export function returnUse(state: OpenAccount, { personId, useId }: Of<'ReturnUse'>, world: World): AccountEvent[] {
  const known = state.uses.get(useId)
  if (!known) return refuse('USE_UNKNOWN')
  return [{ type: 'AccountUseReturned', data: { personId, useId, amountFen: known.amountFen, on: world.today } }]
}

export function inherit(state: OpenAccount, { personId }: Of<'Inherit'>, world: World): AccountEvent[] {
  if (!state.diedOn) refuse('NOT_DEAD')
  if (state.inherited) return []
  return [{ type: 'AccountInherited', data: { personId, amountFen: state.balanceFen, on: world.today } }]
}
