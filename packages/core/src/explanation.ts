// The explanation document: what docs/explanation.schema.json describes and packages/verify recomputes.
import type { Asked, Provenance } from './policy.ts'
import type { Rational } from './rational.ts'
import type { Rounding } from './rounding.ts'

/** Unit of a step's value. CNY is yuan, RATE a share of one, FLAG 1 (true) or 0 (false). */
export type Unit = 'CNY' | 'RATE' | 'INDEX' | 'MONTHS' | 'YEARS' | 'DAYS' | 'COUNT' | 'FLAG' | 'NUMBER' | 'WORD'

/** Names a step: an id unique in the document, the rule it follows, its unit and what it is called. */
export interface Label {
  readonly id: string
  /** Rule id of the rulebook, e.g. `C-5`, or the section `P§2.4` where the rulebook gives no id. */
  readonly rule: string
  readonly unit: Unit
  readonly zh: string
  readonly en: string
}

export function label(id: string, rule: string, unit: Unit, zh: string, en: string): Label {
  return { id, rule, unit, zh, en }
}

/** The same label for one of several like steps (a year, a person): `sum` of 2019 is `sum.2019`. */
export function labelOf(base: Label, what: string | number): Label {
  return { ...base, id: `${base.id}.${what}`, zh: `${base.zh}（${what}）`, en: `${base.en} (${what})` }
}

/** Where an input comes from: the event, document or register entry that recorded it. */
export interface Source {
  readonly event?: string
  readonly stream?: string
  readonly document?: string
}

export type Op =
  | 'input'
  | 'literal'
  | 'policy'
  | 'word'
  | 'months'
  | 'add'
  | 'sub'
  | 'mul'
  | 'div'
  | 'min'
  | 'max'
  | 'clamp'
  | 'sum'
  | 'round'
  | 'lookup'
  | 'compare'
  | 'choose'
  | 'allot'

export type Comparison = 'lt' | 'le' | 'eq' | 'ge' | 'gt'

export interface Step {
  readonly id: string
  readonly op: Op
  /** Ids of earlier steps. clamp: value, floor, ceiling. choose: flag, then, else. allot: total, weights… */
  readonly args: readonly string[]
  /** Exact: a decimal, or `n/d` where the decimal does not end. For `word` the word itself. */
  readonly value: string
  readonly unit: Unit
  readonly rule?: string
  readonly zh?: string
  readonly en?: string
  readonly round?: Rounding
  readonly comparison?: Comparison
  /** months: the runs that were counted, `2019-03..2026-02`. */
  readonly months?: string
  /** lookup: the row found. allot: which share, from 0. */
  readonly row?: string
  readonly policy?: Provenance
  /** The places and days whose law was asked when this policy value was the answer. */
  readonly asked?: readonly Asked[]
  readonly source?: Source
}

export interface ExplainedAmount {
  readonly name: string
  readonly step: string
  /** Whole fen as a decimal string. */
  readonly amountFen: string
}

export interface Explanation {
  readonly schema: 'jinbao.explanation/1'
  /** What was computed, for whom: opaque ids only. */
  readonly subject: Readonly<Record<string, string>>
  readonly place: string
  /** Day whose law applies, and the moment of knowledge. */
  readonly day: string
  readonly knownAt: string
  readonly amounts: readonly ExplainedAmount[]
  readonly steps: readonly Step[]
}

/** A number inside a calculation. `at` points to its step when the calculation is recorded. */
export interface Val extends Rational {
  readonly at?: number
}
