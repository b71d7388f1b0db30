// The figures a settlement starts from and ends with, all in fen.
import type { Calc, Source, Val } from '@jinbao/core'
import type { Accumulators, PricedItem, Settlement, Standing, Treatment } from '@jinbao/proto/medical/v1/events.ts'
import { HospitalLevel } from '@jinbao/proto/medical/v1/events.ts'

export const noYear: Accumulators = {
  admissions: 0,
  deductiblePaidFen: 0n,
  eligibleFen: 0n,
  poolPaidFen: 0n,
  largePaidFen: 0n,
  inScopeSelfPayFen: 0n,
  opEligibleFen: 0n,
  opPaidFen: 0n,
  opDeductiblePaidFen: 0n,
  seriousPaidFen: 0n,
  chronicDeductiblePaidFen: 0n,
}

/** Everything a settlement depends on besides the law. */
export interface BillFacts {
  readonly treatment: Treatment
  readonly standing: Standing
  readonly items: readonly PricedItem[]
  readonly before: Accumulators
  /** Where bill and year are recorded. */
  readonly source: Source
}

/** Steps 3 to 5. */
export interface Scope {
  readonly total: Val
  readonly outOfScope: Val
  readonly overCeiling: Val
  readonly firstPay: Val
  readonly eligible: Val
}

/** Steps 6 to 10. */
export interface Paid {
  readonly deductible: Val
  readonly pool: Val
  /** Outpatient: above the limit. */
  readonly large: Val
}

export interface Tier {
  readonly calc: Calc
  readonly facts: BillFacts
  readonly eligible: Val
}

/** A bill whose standing is not covered: nothing is paid, no accumulator moves (reading on §3.7.1). */
export const blank: Settlement = {
  totalFen: 0n,
  outOfScopeFen: 0n,
  overCeilingFen: 0n,
  firstPayFen: 0n,
  eligibleFen: 0n,
  deductibleFen: 0n,
  poolFen: 0n,
  largeFen: 0n,
  selfPayFen: 0n,
  seriousFen: 0n,
  layers: [],
  fundFen: 0n,
  personFen: 0n,
  accountLimitFen: 0n,
}

export const levelRow = (level: HospitalLevel, inpatient: boolean): string => {
  if (level === HospitalLevel.LEVEL_3) return '3'
  if (level === HospitalLevel.LEVEL_2) return '2'
  return level === HospitalLevel.COMMUNITY && !inpatient ? 'community' : '1'
}

export const statusRow = ({ retired }: Standing): 'active' | 'retired' => (retired ? 'retired' : 'active')
