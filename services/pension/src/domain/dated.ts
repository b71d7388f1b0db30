import type { PolicyOn, PolicyValue } from '@jinbao/core'
import { refuse } from './refusals.ts'

/** How far back a yearly figure is looked for when its own year's is not out yet. */
const YEARS_BACK = 3

export interface OfYear {
  readonly value: PolicyValue
  /** The year whose figure it is. */
  readonly year: number
  /** True when it is an earlier year's, used until the year's own is published (I-4, P§2.4). */
  readonly provisional: boolean
}

export const yearOf = (monthOrDay: string): number => Number(monthOrDay.slice(0, 4))

/** The figure of a year, or the last one published before it. */
export function lastPublished(policyOn: PolicyOn, key: string, year: number): OfYear {
  for (let at = year; at > year - YEARS_BACK; at--) {
    const policy = policyOn(`${at}-12-31`)
    if (!policy.has(key)) continue
    const value = policy.value(key)
    const of = yearOf(value.policy.from)
    return { value, year: of, provisional: of < year }
  }
  return refuse('FIGURE_NOT_PUBLISHED', { key, year })
}

/** The figure of a year itself, if it is out. */
export function ofYear(policyOn: PolicyOn, key: string, year: number): PolicyValue | undefined {
  const policy = policyOn(`${year}-12-31`)
  if (!policy.has(key)) return undefined
  const value = policy.value(key)
  return yearOf(value.policy.from) === year ? value : undefined
}
