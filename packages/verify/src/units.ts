// Money adds to money and not to months; a product has money in it at most once; a comparison is a yes or no.
import type { StepClaim } from './document.ts'

/** What the unit of the step should be, as words; undefined when it is sane. */
export function unitFault(step: StepClaim, args: readonly StepClaim[]): string | undefined {
  const money = args.filter((arg) => arg.unit === 'CNY').length
  // A bare zero has any unit: max(x, 0), and a choice between an amount and nothing.
  const counted = (step.op === 'choose' ? args.slice(1) : args).filter(
    (arg) => !(arg.unit === 'NUMBER' && arg.value === '0'),
  )
  const isMoney = step.unit === 'CNY'
  switch (step.op) {
    case 'literal':
      return step.unit === 'NUMBER' ? undefined : 'NUMBER'
    case 'months':
      return isMoney || step.unit === 'RATE' ? 'MONTHS' : undefined
    case 'mul':
      return money > 1 ? 'not money times money' : isMoney === (money === 1) ? undefined : money ? 'CNY' : 'not CNY'
    case 'div': {
      const quotient = args[0]?.unit === 'CNY' && args[1]?.unit !== 'CNY'
      return isMoney === quotient ? undefined : quotient ? 'CNY' : 'not CNY'
    }
    case 'compare':
      if (step.unit !== 'FLAG') return 'FLAG'
      return alike(counted) ? undefined : 'both sides money or neither'
    case 'choose':
      if (args[0]?.unit !== 'FLAG') return 'a FLAG to choose by'
      return mixed(counted, isMoney)
    case 'add':
    case 'sub':
    case 'sum':
    case 'min':
    case 'max':
    case 'clamp':
    case 'round':
      return mixed(counted, isMoney)
    case 'allot':
      return isMoney && args[0]?.unit === 'CNY' ? undefined : 'CNY'
    default:
      return step.unit === 'FLAG' && step.value !== '0' && step.value !== '1' ? 'a FLAG of 0 or 1' : undefined
  }
}

const alike = (args: readonly StepClaim[]) => new Set(args.map((arg) => arg.unit === 'CNY')).size < 2

function mixed(args: readonly StepClaim[], isMoney: boolean): string | undefined {
  if (!alike(args)) return 'all money or none'
  const first = args[0]
  return !first || (first.unit === 'CNY') === isMoney ? undefined : isMoney ? 'not CNY' : 'CNY'
}
