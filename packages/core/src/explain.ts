// Explained arithmetic: a rule computes through a Calc, so the amount and its explanation come from one act and
// cannot drift. A recording Calc keeps every step; a plain one computes the same values and keeps nothing, which is
// what mass amounts use: their explanation is made again on request, equal by construction.
import { type Draft, idsOf, type More, stepOf } from './draft.ts'
import type { Comparison, Explanation, Label, Op, Source, Unit, Val } from './explanation.ts'
import { splitYuan, toFen } from './money.ts'
import type { MonthSet } from './month.ts'
import type { Asked, PolicyTable, PolicyValue, PolicyWord, Title } from './policy.ts'
import type { Rational } from './rational.ts'
import * as q from './rational.ts'
import { type Rounding, round } from './rounding.ts'
import { impliedUnit } from './units.ts'

export * from './explanation.ts'

/** What an operation takes: an earlier result, or a policy value, which becomes a step of its own when first used. */
export type Arg = Val | PolicyValue

const POLICY_UNITS: ReadonlySet<string> = new Set<Unit>(['CNY', 'RATE', 'INDEX', 'MONTHS', 'YEARS', 'DAYS', 'COUNT'])
const NONE: readonly number[] = []

const holds: Readonly<Record<Comparison, (order: number) => boolean>> = {
  lt: (order) => order < 0,
  le: (order) => order <= 0,
  eq: (order) => order === 0,
  ge: (order) => order >= 0,
  gt: (order) => order > 0,
}

export class Calc {
  readonly #drafts: Draft[] | undefined
  readonly #known = new Map<object | bigint, number>()

  private constructor(drafts: Draft[] | undefined) {
    this.#drafts = drafts
  }

  static readonly #plain = new Calc(undefined)

  /** Computes only; keeps nothing, so one serves all. */
  static plain(): Calc {
    return Calc.#plain
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
    return this.#drafts ? this.#keep('input', name, name.unit, value, NONE, { source }) : value
  }
  /** A number that belongs to the formula itself: the 12 of a year, the 2 of a mean. */
  literal(value: number | bigint): Val {
    const exact = q.integer(value)
    if (!this.#drafts) return exact
    const known = this.#known.get(exact.n)
    if (known !== undefined) return { n: exact.n, d: exact.d, at: known }
    const kept = this.#keep('literal', undefined, 'NUMBER', exact, NONE)
    this.#known.set(exact.n, kept.at!)
    return kept
  }
  /** How many months a set has; the months themselves are kept. */
  months(name: Label, set: MonthSet, source: Source): Val {
    const value = q.integer(set.size)
    return this.#drafts ? this.#keep('months', name, name.unit, value, NONE, { months: set.toString(), source }) : value
  }
  /** Records a choice the region made (a strategy, a rounding) and returns the word. */
  word<T extends string>(name: Label, chosen: PolicyWord<T>): T {
    const { word: value, policy } = chosen
    if (this.#drafts) this.#push({ op: 'word', name, unit: 'WORD', value, args: NONE, more: { policy } }, chosen.asked)
    return value
  }

  // --- arithmetic: the label may be left out for a step that has no name of its own in the law ---------------------

  add(a: Arg, b: Arg, name?: Label): Val {
    const value = q.add(a, b)
    return this.#drafts ? this.#step('add', name, value, [a, b]) : value
  }
  sub(a: Arg, b: Arg, name?: Label): Val {
    const value = q.sub(a, b)
    return this.#drafts ? this.#step('sub', name, value, [a, b]) : value
  }
  mul(a: Arg, b: Arg, name?: Label): Val {
    const value = q.mul(a, b)
    return this.#drafts ? this.#step('mul', name, value, [a, b]) : value
  }
  /** Throws RangeError on division by zero. */
  div(a: Arg, b: Arg, name?: Label): Val {
    const value = q.div(a, b)
    return this.#drafts ? this.#step('div', name, value, [a, b]) : value
  }
  min(a: Arg, b: Arg, name?: Label): Val {
    const value = q.compare(a, b) <= 0 ? a : b
    return this.#drafts ? this.#step('min', name, value, [a, b]) : value
  }
  max(a: Arg, b: Arg, name?: Label): Val {
    const value = q.compare(a, b) >= 0 ? a : b
    return this.#drafts ? this.#step('max', name, value, [a, b]) : value
  }
  /** `min(max(value, floor), ceiling)`: where they cross, the ceiling wins. */
  clamp(value: Arg, floor: Arg, ceiling: Arg, name?: Label): Val {
    const raised = q.compare(value, floor) < 0 ? floor : value
    const kept = q.compare(raised, ceiling) > 0 ? ceiling : raised
    return this.#drafts ? this.#step('clamp', name, kept, [value, floor, ceiling]) : kept
  }
  sum(values: readonly Arg[], name?: Label): Val {
    let total = q.zero
    for (const value of values) total = q.add(total, value)
    return this.#drafts ? this.#step('sum', name, total, values) : total
  }
  round(value: Arg, by: Rounding, name?: Label): Val {
    const rounded = round(value, by)
    return this.#drafts ? this.#step('round', name, rounded, [value], { round: by }) : rounded
  }
  /** A row of a printed table; throws RangeError when the table has no such row. `keys` are the steps that chose it. */
  lookup(table: PolicyTable, row: string, name: Label, ...keys: Arg[]): Val {
    const value = table.rows.get(row)
    if (!value) throw new RangeError(`${table.policy.key} has no row ${row}`)
    if (!this.#drafts) return value
    return this.#step('lookup', name, value, keys, { row, policy: table.policy }, table.asked)
  }
  /** 1 when it holds, else 0. */
  compare(a: Arg, is: Comparison, b: Arg, name?: Label): Val {
    const value = holds[is](q.compare(a, b)) ? q.one : q.zero
    return this.#drafts ? this.#step('compare', name, value, [a, b], { comparison: is }) : value
  }
  choose(flag: Val, yes: Arg, no: Arg, name?: Label): Val {
    const value = flag.n !== 0n ? yes : no
    return this.#drafts ? this.#step('choose', name, value, [flag, yes, no]) : value
  }
  /** A total in yuan split by the weights to the fen, largest remainder; the parts add up to it. */
  split(total: Arg, weights: readonly Arg[], names: readonly Label[] = []): Val[] {
    const parts = splitYuan(total, weights)
    if (!this.#drafts) return parts
    return parts.map((part, i) => this.#step('allot', names[i], part, [total, ...weights], { row: String(i) }))
  }
  /** One share of such a split, already computed; a recording Calc refuses a share that is not the split's. */
  allot(total: Arg, weights: readonly Arg[], index: number, share: Rational, name?: Label): Val {
    if (!this.#drafts) return share
    const part = splitYuan(total, weights)[index]
    if (!part || !q.equal(part, share)) throw new RangeError(`share ${index} is not the largest-remainder share`)
    return this.#step('allot', name, share, [total, ...weights], { row: String(index) })
  }

  // --- the document ------------------------------------------------------------------------------------------------

  /** The explanation of the named amounts. Throws when this Calc does not record, or an amount has a fraction of a fen. */
  explain(
    about: Pick<Explanation, 'subject' | 'place' | 'day' | 'knownAt'>,
    amounts: Readonly<Record<string, Val>>,
  ): Explanation {
    const drafts = this.#drafts
    if (!drafts) throw new Error('this calculation was not recorded')
    const ids = idsOf(drafts)
    return {
      schema: 'jinbao.explanation/1',
      subject: about.subject,
      place: about.place,
      day: about.day,
      knownAt: about.knownAt,
      amounts: Object.entries(amounts).map(([name, val]) => ({
        name,
        step: ids[this.#at(val)]!,
        amountFen: toFen(val).toString(),
      })),
      steps: drafts.map((draft, i) => stepOf(draft, ids[i]!, ids)),
    }
  }

  #step(op: Op, name: Label | undefined, value: Rational, args: readonly Arg[], more?: More, asked?: Asked): Val {
    const refs: number[] = []
    for (const arg of args) refs.push(this.#at(arg))
    const unit =
      name?.unit ??
      impliedUnit(
        op,
        refs.map((at) => this.#drafts![at]!.unit),
      )
    return this.#keep(op, name, unit, value, refs, more, asked)
  }

  #keep(
    op: Op,
    name: Label | undefined,
    unit: Unit,
    { n, d }: Rational,
    args: readonly number[],
    more?: More,
    asked?: Asked,
  ): Val {
    const val = { n, d, at: this.#drafts!.length }
    this.#push({ op, name, unit, value: val, args, more }, asked)
    return val
  }

  #push(draft: Draft, asked: Asked | undefined): number {
    if (asked) draft.asked = [asked]
    return this.#drafts!.push(draft) - 1
  }

  #at(arg: Arg): number {
    if ('policy' in arg) return this.#policy(arg)
    const value = arg.at === undefined ? undefined : this.#drafts![arg.at]?.value
    if (value === undefined || typeof value === 'string' || value.n !== arg.n || value.d !== arg.d)
      throw new Error('a number without origin in this calculation: give it to input, literal or a policy look-up')
    return arg.at!
  }

  #policy(value: PolicyValue): number {
    const { policy, asked, title } = value
    const known = this.#known.get(policy)
    if (known !== undefined) {
      const askedSoFar = this.#drafts![known]!.asked
      if (asked && !askedSoFar?.some((a) => a === asked || (a.day === asked.day && a.place === asked.place)))
        askedSoFar?.push(asked)
      return known
    }
    const unit = (POLICY_UNITS.has(value.unit) ? value.unit : 'NUMBER') as Unit
    const at = this.#push(
      { op: 'policy', name: title && titled(policy.key, title), unit, value, args: NONE, more: { policy } },
      asked,
    )
    this.#known.set(policy, at)
    return at
  }
}

const titled = (id: string, { rule, zh, en }: Title) => ({ id, rule, zh, en })
