// Explained arithmetic: a rule computes through a Calc, so the amount and its explanation come from one act and
// cannot drift. A recording Calc keeps every step; a plain one computes the same values and keeps nothing, which is
// what mass amounts use: their explanation is made again on request, equal by construction.

import { toFen } from './money.ts'
import type { MonthSet } from './month.ts'
import type { PolicyTable, PolicyValue, PolicyWord, Provenance } from './policy.ts'
import type { Rational } from './rational.ts'
import * as q from './rational.ts'
import { type Rounding, round } from './rounding.ts'

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

/** One step of an explanation document (docs/explanation.schema.json). */
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

/** What an operation takes: an earlier result, or a policy value, which becomes a step of its own when first used. */
export type Arg = Val | PolicyValue

type Draft = Omit<Step, 'id' | 'args' | 'value' | 'unit'> & {
  id: string
  args: readonly number[]
  value: Rational | string
  unit: Unit
}

const policyUnits: Readonly<Record<string, Unit>> = {
  CNY: 'CNY',
  RATE: 'RATE',
  INDEX: 'INDEX',
  MONTHS: 'MONTHS',
  YEARS: 'YEARS',
  DAYS: 'DAYS',
}

const isPolicy = (arg: Arg): arg is PolicyValue => 'policy' in arg

export class Calc {
  readonly #drafts: Draft[] | undefined
  readonly #policies = new Map<object, number>()
  readonly #ids = new Map<string, number>()

  private constructor(drafts: Draft[] | undefined) {
    this.#drafts = drafts
  }

  /** Computes only. */
  static plain(): Calc {
    return new Calc(undefined)
  }
  /** Computes and keeps every step. */
  static recording(): Calc {
    return new Calc([])
  }

  get recording(): boolean {
    return this.#drafts !== undefined
  }

  // --- where numbers come in -------------------------------------------------------------------------------------

  /** A recorded fact. Money as yuan(fen). */
  input(name: Label, value: Rational, source: Source): Val {
    return this.#keep(name, 'input', value, [], { source })
  }
  /** A number that belongs to the formula itself: the 12 of a year, the 2 of a mean. */
  literal(value: number | bigint): Val {
    const exact = q.integer(value)
    return this.#drafts ? this.#keep(undefined, 'literal', exact, []) : exact
  }
  /** How many months a set has; the months themselves are kept. */
  months(name: Label, set: MonthSet, source: Source): Val {
    const value = q.integer(set.size)
    return this.#drafts ? this.#keep(name, 'months', value, [], { months: set.toString(), source }) : value
  }
  /** Records a choice the region made (a strategy, a rounding) and returns the word. */
  word<T extends string>(name: Label, chosen: PolicyWord<T>): T {
    if (this.#drafts)
      this.#push({
        ...this.#named(name, 'word'),
        op: 'word',
        args: [],
        value: chosen.word,
        unit: 'WORD',
        policy: chosen.policy,
      })
    return chosen.word
  }

  // --- arithmetic: the label may be left out for a step that has no name of its own in the law ---------------------

  add(a: Arg, b: Arg, name?: Label): Val {
    return this.#two(name, 'add', q.add(a, b), a, b)
  }
  sub(a: Arg, b: Arg, name?: Label): Val {
    return this.#two(name, 'sub', q.sub(a, b), a, b)
  }
  mul(a: Arg, b: Arg, name?: Label): Val {
    return this.#two(name, 'mul', q.mul(a, b), a, b)
  }
  /** Throws RangeError on division by zero. */
  div(a: Arg, b: Arg, name?: Label): Val {
    return this.#two(name, 'div', q.div(a, b), a, b)
  }
  min(a: Arg, b: Arg, name?: Label): Val {
    return this.#two(name, 'min', q.compare(a, b) <= 0 ? a : b, a, b)
  }
  max(a: Arg, b: Arg, name?: Label): Val {
    return this.#two(name, 'max', q.compare(a, b) >= 0 ? a : b, a, b)
  }
  clamp(value: Arg, floor: Arg, ceiling: Arg, name?: Label): Val {
    const kept = q.compare(value, floor) < 0 ? floor : q.compare(value, ceiling) > 0 ? ceiling : value
    return this.#drafts ? this.#keep(name, 'clamp', kept, [value, floor, ceiling]) : kept
  }
  sum(values: readonly Arg[], name?: Label): Val {
    let total = q.zero
    for (const value of values) total = q.add(total, value)
    return this.#drafts ? this.#keep(name, 'sum', total, values) : total
  }
  round(value: Arg, by: Rounding, name?: Label): Val {
    const rounded = round(value, by)
    return this.#drafts ? this.#keep(name, 'round', rounded, [value], { round: by }) : rounded
  }
  /** A row of a printed table; throws RangeError when the table has no such row. `key` is the step that chose it. */
  lookup(table: PolicyTable, row: string, name: Label, ...keys: Arg[]): Val {
    const value = table.rows.get(row)
    if (!value) throw new RangeError(`${table.policy.key} has no row ${row}`)
    return this.#drafts ? this.#keep(name, 'lookup', value, keys, { row, policy: table.policy }) : value
  }
  /** 1 when it holds, else 0. */
  compare(a: Arg, is: Comparison, b: Arg, name?: Label): Val {
    const order = q.compare(a, b)
    const holds =
      is === 'lt'
        ? order < 0
        : is === 'le'
          ? order <= 0
          : is === 'eq'
            ? order === 0
            : is === 'ge'
              ? order >= 0
              : order > 0
    const value = holds ? q.one : q.zero
    return this.#drafts ? this.#keep(name, 'compare', value, [a, b], { comparison: is }) : value
  }
  choose(flag: Val, yes: Arg, no: Arg, name?: Label): Val {
    const value = flag.n !== 0n ? yes : no
    return this.#drafts ? this.#keep(name, 'choose', value, [flag, yes, no]) : value
  }
  /** One share of a total split by largest remainder (core/money); `share` is the amount already computed for it. */
  allot(total: Arg, weights: readonly Arg[], index: number, share: Rational, name?: Label): Val {
    return this.#drafts ? this.#keep(name, 'allot', share, [total, ...weights], { row: String(index) }) : share
  }

  // --- the document ------------------------------------------------------------------------------------------------

  /** The explanation of the named amounts. Throws when this Calc does not record, or an amount has a fraction of a fen. */
  explain(
    about: Pick<Explanation, 'subject' | 'place' | 'day' | 'knownAt'>,
    amounts: Readonly<Record<string, Val>>,
  ): Explanation {
    const drafts = this.#drafts
    if (!drafts) throw new Error('this calculation was not recorded')
    return {
      schema: 'jinbao.explanation/1',
      ...about,
      amounts: Object.entries(amounts).map(([name, val]) => ({
        name,
        step: drafts[this.#at(val)]!.id,
        amountFen: toFen(val).toString(),
      })),
      steps: drafts.map(({ args, value, ...rest }) => ({
        ...rest,
        args: args.map((at) => drafts[at]!.id),
        value: typeof value === 'string' ? value : q.formatRational(value),
      })),
    }
  }

  #two(name: Label | undefined, op: Op, value: Rational, a: Arg, b: Arg): Val {
    return this.#drafts ? this.#keep(name, op, value, [a, b]) : value
  }

  #named(name: Label | undefined, op: Op): { id: string; rule?: string; zh?: string; en?: string } {
    const wanted = name?.id ?? op
    const seen = this.#ids.get(wanted) ?? 0
    this.#ids.set(wanted, seen + 1)
    const id = seen === 0 && name ? wanted : `${wanted}#${seen + 1}`
    return name ? { id, rule: name.rule, zh: name.zh, en: name.en } : { id }
  }

  #push(draft: Draft): number {
    return this.#drafts!.push(draft) - 1
  }

  #keep(name: Label | undefined, op: Op, value: Rational, args: readonly Arg[], more: Partial<Draft> = {}): Val {
    if (!this.#drafts) return value
    const refs = args.map((arg) => this.#at(arg))
    const unit = name?.unit ?? (refs[0] !== undefined ? this.#drafts[refs[0]]!.unit : 'NUMBER')
    const at = this.#push({
      ...more,
      ...this.#named(name, op),
      op,
      args: refs,
      value: { n: value.n, d: value.d },
      unit,
    })
    return { n: value.n, d: value.d, at }
  }

  #at(arg: Arg): number {
    if (isPolicy(arg)) return this.#policy(arg)
    if (arg.at === undefined) throw new Error('a number without origin: give it to input, literal or a policy look-up')
    return arg.at
  }

  #policy(value: PolicyValue): number {
    const known = this.#policies.get(value.policy)
    if (known !== undefined) return known
    const { id } = this.#named({ id: value.policy.key, rule: '', unit: 'NUMBER', zh: '', en: '' }, 'policy')
    const at = this.#push({
      id,
      op: 'policy',
      args: [],
      value: { n: value.n, d: value.d },
      unit: policyUnits[value.unit] ?? 'NUMBER',
      policy: value.policy,
    })
    this.#policies.set(value.policy, at)
    return at
  }
}
