// What a rule sees of the law: dated values with their source. packages/policy loads and finds them.
import type { Day } from './month.ts'
import type { Rational } from './rational.ts'

/** How sure we are of a value; `illustrative` shows in every explanation that used it. */
export type Mark = 'certain' | 'likely' | 'illustrative'

/** Where a policy value stands in the law. */
export interface Provenance {
  /** `pension.contribution.employee` */
  readonly key: string
  /** Place that fixed the value: 540100, its province 540000 or the nation 000000. */
  readonly place: string
  /** First and last day it governs; no `to` means until replaced. */
  readonly from: Day
  readonly to?: Day
  /** Day it was published, where that matters (late or corrected values). */
  readonly published?: Day
  /** Document, number, article. */
  readonly source: string
  readonly mark: Mark
}

/** The question a policy value answered: the law of which place, on which day. One object per Policy, shared. */
export interface Asked {
  readonly place: string
  readonly day: Day
}

/** What a policy key is called and the rule it serves, for explanations. */
export interface Title {
  readonly rule: string
  readonly zh: string
  readonly en: string
}

/** A number the law fixed. Money is in yuan, a rate is a share of one, an age or a period in months. */
export interface PolicyValue extends Rational {
  readonly unit: string
  readonly policy: Provenance
  /** Kept in explanations, so that the verifier can ask again. */
  readonly asked?: Asked
  readonly title?: Title
}

/** A named choice the law or the region made: a rounding, a formula variant, a yes or no. */
export interface PolicyWord<T extends string = string> {
  readonly word: T
  readonly policy: Provenance
  /** Kept in explanations, so that the verifier can ask again. */
  readonly asked?: Asked
}

/** A table the law printed, from a text key (a year, an age, a tier) to a number. */
export interface PolicyTable {
  readonly rows: ReadonlyMap<string, Rational>
  readonly unit: string
  readonly policy: Provenance
  /** Kept in explanations, so that the verifier can ask again. */
  readonly asked?: Asked
}

/** The law of one place on one day, as known at a moment. Whatever is asked is remembered in the basis. */
export interface Policy {
  readonly place: string
  readonly day: Day
  /** Throws POLICY_PARAM_MISSING when the place, its province and the nation have no value for the day. */
  value(key: string): PolicyValue
  /** As value; throws POLICY_WORD_UNKNOWN when the word is none of those given. */
  word<const T extends string>(key: string, allowed: readonly T[]): PolicyWord<T>
  table(key: string): PolicyTable
  /** True when value, word or table would answer. The question counts as asked. */
  has(key: string): boolean
  /** n-th working day after a day: day 1 is the first working day after it (rulebook §0.3). */
  addWorkingDays(from: Day, days: number): Day
}

/** The law of the place at hand on a day; `place` asks for another place's law. */
export type PolicyOn = (day: Day, place?: string) => Policy
