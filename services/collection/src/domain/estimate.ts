// No declaration: the bill is 110 % of the whole bill of the month before, rounded once, then split over line and side
// in proportion, largest remainder (C-7, S-06).
import { Calc, HALF_UP_FEN, label, type PolicyValue, toFen, type Val, yuan } from '@jinbao/core'
import type { LineDue } from '@jinbao/proto/collection/v1/events.ts'

const names = {
  previous: label('previous', 'C-7', 'CNY', '上月应缴总额', 'bill of the month before'),
  estimate: label('estimate', 'S-06', 'CNY', '核定应缴总额', 'estimated bill'),
}

export const totalOf = (lines: readonly Pick<LineDue, 'employerFen' | 'employeeFen'>[]): bigint =>
  lines.reduce((sum, { employerFen, employeeFen }) => sum + employerFen + employeeFen, 0n)

export function estimatedBill(calc: Calc, previousFen: bigint, share: PolicyValue): Val {
  const previous = calc.input(names.previous, yuan(previousFen), {})
  return calc.round(calc.mul(previous, share), HALF_UP_FEN, names.estimate)
}

/** Nobody is credited from an estimate, so no part of it is an account's. */
export function estimate(
  previous: readonly LineDue[],
  share: PolicyValue,
): { readonly totalFen: bigint; readonly lines: LineDue[] } {
  const calc = Calc.plain()
  const total = estimatedBill(calc, totalOf(previous), share)
  const sides = previous.flatMap(({ employerFen, employeeFen }) => [yuan(employerFen), yuan(employeeFen)])
  const parts = calc.split(total, sides).map(toFen)
  const lines = previous.map(({ line }, i) => ({
    line,
    employerFen: parts[2 * i]!,
    employeeFen: parts[2 * i + 1]!,
    accountFen: 0n,
  }))
  return { totalFen: toFen(total), lines }
}
