// The unit of a step that has no name of its own.
import type { Op, Unit } from './explanation.ts'

/** Units that count something; the others are bare ratios. */
const COUNTING: ReadonlySet<Unit> = new Set<Unit>(['CNY', 'MONTHS', 'YEARS', 'DAYS', 'COUNT'])

function product(units: readonly Unit[]): Unit {
  if (units.includes('CNY')) return 'CNY'
  const counting = units.filter((unit) => COUNTING.has(unit))
  if (counting.length > 0) return counting.length === 1 ? counting[0]! : 'NUMBER'
  return units.every((unit) => unit === 'RATE') ? 'RATE' : 'NUMBER'
}

function quotient(over: Unit, under: Unit): Unit {
  if (over === under) return 'RATE'
  if (over === 'CNY') return 'CNY'
  return COUNTING.has(under) ? 'NUMBER' : over
}

/** A bare literal takes the unit of its neighbour: the 0 of `max(x, 0)` is money when x is. */
const common = (units: readonly Unit[]): Unit => units.find((unit) => unit !== 'NUMBER') ?? 'NUMBER'

export function impliedUnit(op: Op, units: readonly Unit[]): Unit {
  switch (op) {
    case 'mul':
      return product(units)
    case 'div':
      return quotient(units[0]!, units[1]!)
    case 'compare':
      return 'FLAG'
    case 'choose':
      return common(units.slice(1))
    case 'allot':
      return units[0]!
    default:
      return common(units)
  }
}
