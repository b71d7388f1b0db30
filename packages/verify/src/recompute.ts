// What a step must be, from the values of its arguments.
import type { StepClaim } from './document.ts'
import * as f from './fraction.ts'

/** Why a step cannot be computed at all: division by zero, months that are none, a share that does not exist. */
export class Impossible extends Error {}

const yes = f.fraction(1n)
const no = f.fraction(0n)

function countMonths(runs: string): f.Fraction {
  const seen = new Set<number>()
  for (const run of runs === '' ? [] : runs.split(',')) {
    const [first = '', last = first] = run.split('..')
    const [from, to] = [monthNumber(first), monthNumber(last)]
    if (to < from) throw new Impossible(`${run} ends before it starts`)
    for (let month = from; month <= to; month++) {
      if (seen.has(month)) throw new Impossible(`${run} counts a month twice`)
      seen.add(month)
    }
  }
  return f.fraction(BigInt(seen.size))
}

export function monthNumber(month: string): number {
  const [year = 0, of = 0] = month.split('-').map(Number)
  if (of < 1 || of > 12) throw new Impossible(`${month} is no month`)
  return year * 12 + of - 1
}

const holds = {
  lt: (o: number) => o < 0,
  le: (o: number) => o <= 0,
  eq: (o: number) => o === 0,
  ge: (o: number) => o >= 0,
  gt: (o: number) => o > 0,
}

/** Largest remainder in whole fen: floors first, what is left goes to the largest fractions, earlier ones first. */
function share(total: f.Fraction, weights: readonly f.Fraction[], index: number): f.Fraction {
  const fen = f.times(total, f.fraction(100n))
  if (fen[1] !== 1n) throw new Impossible('the total to split has a fraction of a fen')
  const debt = fen[0] < 0n
  const whole = weights.reduce(f.plus, no)
  if (!weights[index] || weights.some(([above]) => above < 0n)) throw new Impossible('no such share')
  if (whole[0] === 0n) return index === 0 ? total : no
  const exact = weights.map((weight) => f.over(f.times([debt ? -fen[0] : fen[0], 1n], weight), whole))
  const floors = exact.map(f.whole)
  const left = (debt ? -fen[0] : fen[0]) - floors.reduce((a, b) => a + b, 0n)
  const rests = exact.map((value, i) => f.minus(value, [floors[i] ?? 0n, 1n]))
  const mine = rests[index] ?? no
  const ahead = rests.filter((rest, i) => f.order(rest, mine) > 0 || (f.order(rest, mine) === 0 && i < index)).length
  const part = (floors[index] ?? 0n) + (BigInt(ahead) < left ? 1n : 0n)
  return f.fraction(debt ? -part : part, 100n)
}

/** undefined: the step states a fact (input, literal, policy, look-up) that arithmetic cannot tell. */
export function recompute(step: StepClaim, args: readonly f.Fraction[]): f.Fraction | undefined {
  const [a = no, b = no, c = no] = args
  switch (step.op) {
    case 'months':
      return countMonths(step.months ?? '')
    case 'add':
      return f.plus(a, b)
    case 'sub':
      return f.minus(a, b)
    case 'mul':
      return f.times(a, b)
    case 'div':
      return f.over(a, b)
    case 'min':
      return f.order(a, b) < 0 ? a : b
    case 'max':
      return f.order(a, b) > 0 ? a : b
    case 'clamp': {
      const raised = f.order(a, b) < 0 ? b : a
      return f.order(raised, c) > 0 ? c : raised
    }
    case 'sum':
      return args.reduce(f.plus, no)
    case 'round':
      return step.round && f.rounded(a, step.round.mode, step.round.digits)
    case 'compare':
      return step.comparison && (holds[step.comparison](f.order(a, b)) ? yes : no)
    case 'choose':
      return a[0] === 0n ? c : b
    case 'allot':
      return share(a, args.slice(1), Number(step.row))
    default:
      return undefined
  }
}
