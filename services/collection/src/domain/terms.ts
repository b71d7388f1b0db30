// What the law of one month says about contributions, looked up once and used for every person of a chunk.
import {
  firstDay,
  HALF_UP_FEN,
  HALF_UP_JIAO,
  HALF_UP_YUAN,
  type Month,
  type Policy,
  type PolicyOn,
  type PolicyTable,
  type PolicyValue,
  type PolicyWord,
} from '@jinbao/core'
import { Line } from '@jinbao/proto/common/v1/common.ts'

export const roundings = { HALF_UP_YUAN, HALF_UP_JIAO, HALF_UP_FEN } as const
export type BaseRounding = keyof typeof roundings

export interface BaseTerms {
  readonly floor: PolicyValue
  readonly ceiling: PolicyValue
  readonly rounding: PolicyWord<BaseRounding>
}

/** Rates of one line; a side that is not there pays nothing (DC-08). */
export interface Share {
  readonly line: Line
  readonly employer?: PolicyValue
  readonly employee?: PolicyValue
  /** Fixed amount of the employee besides the rate. */
  readonly fixed?: PolicyValue
  /** Share of the base that goes to the person's account; the employee's rate where none is named. */
  readonly account?: PolicyValue | 'EMPLOYEE_RATE'
}

export interface InjuryTerms {
  readonly classes: PolicyTable
  readonly floats: PolicyTable
  readonly factor: PolicyValue
  readonly base: PolicyWord<'CLAMPED' | 'UNCLAMPED'>
  readonly riskClass: string
  readonly floatStep: string
}

/** The month's law for one employer. */
export interface Terms {
  readonly month: Month
  readonly base: BaseTerms
  readonly shares: readonly Share[]
  readonly injury: InjuryTerms
  readonly maternity: PolicyWord<'WITHIN_MEDICAL' | 'SEPARATE'>
}

/** An employer's place in the injury tariff (WI-01). */
export interface InjuryTariff {
  readonly riskClass: number
  readonly floatStep: number
}

export const lineKeys = {
  [Line.PENSION]: 'pension',
  [Line.MEDICAL]: 'medical',
  [Line.UNEMPLOYMENT]: 'unemployment',
  [Line.INJURY]: 'injury',
  [Line.MATERNITY]: 'maternity',
} as const

export function baseTerms(law: Policy): BaseTerms {
  return {
    floor: law.value('contribution.base.floor'),
    ceiling: law.value('contribution.base.ceiling'),
    rounding: law.word('contribution.base.rounding', ['HALF_UP_YUAN', 'HALF_UP_JIAO', 'HALF_UP_FEN']),
  }
}

/** G-04: the law of the belongs-to month, whenever it is computed. */
export function termsOf(policyOn: PolicyOn, month: Month, tariff: InjuryTariff): Terms {
  const law = policyOn(firstDay(month))
  const rate = (name: string) => law.value(`contribution.rate.${name}`)
  const maternity = law.word('contribution.maternity', ['WITHIN_MEDICAL', 'SEPARATE'])
  const shares: Share[] = [
    {
      line: Line.PENSION,
      employer: rate('pension.employer'),
      employee: rate('pension.employee'),
      account: rate('pension.toAccount'),
    },
    {
      line: Line.MEDICAL,
      employer: rate('medical.employer'),
      employee: rate('medical.employee'),
      fixed: law.value('contribution.fixed.medical.employee'),
      account: 'EMPLOYEE_RATE',
    },
    { line: Line.UNEMPLOYMENT, employer: rate('unemployment.employer'), employee: rate('unemployment.employee') },
  ]
  if (maternity.word === 'SEPARATE') shares.push({ line: Line.MATERNITY, employer: rate('maternity.employer') })
  return { month, base: baseTerms(law), shares, injury: injuryTerms(law, tariff), maternity }
}

function injuryTerms(law: Policy, { riskClass, floatStep }: InjuryTariff): InjuryTerms {
  return {
    classes: law.table('injury.rate.class'),
    floats: law.table(riskClass === 1 ? 'injury.rate.float.first' : 'injury.rate.float.others'),
    factor: law.value('injury.rate.factor'),
    base: law.word('contribution.injury.base', ['CLAMPED', 'UNCLAMPED']),
    riskClass: String(riskClass),
    floatStep: String(floatStep),
  }
}
