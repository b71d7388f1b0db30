// A month is `yyyy-mm` at borders and year*12 + month-1 where it is counted (rulebook §0.3).

/** Calendar month, `yyyy-mm`. */
export type Month = string
/** Calendar day, `yyyy-mm-dd`, Asia/Shanghai. */
export type Day = string

export function isMonth(text: string): boolean {
  return /^\d{4}-(0[1-9]|1[0-2])$/.test(text)
}

export function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false
  const [y, m, d] = [Number(text.slice(0, 4)), Number(text.slice(5, 7)), Number(text.slice(8, 10))]
  return m >= 1 && m <= 12 && d >= 1 && d <= daysInMonth(y, m)
}

export function daysInMonth(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31
}

/** Months since year 0, of a month or of a day in it. Throws on anything else: a wrong month must never count. */
export function monthIndex(month: Month): number {
  const year = Number(month.slice(0, 4))
  const at = Number(month.slice(5, 7))
  if (month[4] !== '-' || !(year >= 0) || !(at >= 1 && at <= 12)) throw new RangeError(`not a month: ${month}`)
  return year * 12 + at - 1
}

export function monthOf(index: number): Month {
  if (!Number.isInteger(index) || index < 0 || index >= 120_000) throw new RangeError(`no month has index ${index}`)
  const year = Math.floor(index / 12)
  return `${String(year).padStart(4, '0')}-${String((index % 12) + 1).padStart(2, '0')}`
}

export function addMonths(month: Month, count: number): Month {
  return monthOf(monthIndex(month) + count)
}

export function monthOfDay(day: Day): Month {
  return day.slice(0, 7)
}
export function firstDay(month: Month): Day {
  return `${month}-01`
}
export function lastDay(month: Month): Day {
  const days = daysInMonth(Number(month.slice(0, 4)), Number(month.slice(5, 7)))
  return `${month}-${String(days).padStart(2, '0')}`
}
export function addDays(day: Day, count: number): Day {
  return Temporal.PlainDate.from(day).add({ days: count }).toString()
}
/** Calendar days from a to b: 1 when b is the day after a. */
export function daysBetween(a: Day, b: Day): number {
  return Temporal.PlainDate.from(a).until(b, { largestUnit: 'day' }).days
}

/** Months completed between two months: the age in a month of who was born in the other; day of birth not counted. */
export function completedMonths(from: Month, to: Month): number {
  return monthIndex(to) - monthIndex(from)
}
/** Months completed between two days: a month is complete on the same day of the month, or on the month's last. */
export function completedMonthsOfDays(from: Day, to: Day): number {
  const months = completedMonths(from, to)
  const due = Math.min(Number(from.slice(8)), Number(lastDay(monthOfDay(to)).slice(8)))
  return Number(to.slice(8)) >= due ? months : months - 1
}
/** Whole years and months, as an age is spoken: 724 is 60 years and 4 months. */
export function yearsAndMonths(months: number): { readonly years: number; readonly months: number } {
  return { years: Math.trunc(months / 12), months: months % 12 }
}

/**
 * A set of months, immutable. Written as sorted runs `2019-03..2026-02` so that a working life is a short text:
 * months are the primary record of contributions, counts are only derived (rulebook §0.3).
 */
export class MonthSet {
  /** Inclusive runs of month indexes, sorted, neither overlapping nor touching. */
  readonly runs: readonly (readonly [number, number])[]

  private constructor(runs: readonly (readonly [number, number])[]) {
    this.runs = runs
  }

  static readonly empty = new MonthSet([])

  static range(from: Month, to: Month): MonthSet {
    const run = [monthIndex(from), monthIndex(to)] as const
    return run[1] < run[0] ? MonthSet.empty : new MonthSet([run])
  }

  static of(months: Iterable<Month>): MonthSet {
    return MonthSet.ofRuns(Array.from(months, (m) => [monthIndex(m), monthIndex(m)] as const))
  }

  private static ofRuns(runs: (readonly [number, number])[]): MonthSet {
    const sorted = runs.sort((a, b) => a[0] - b[0])
    const merged: [number, number][] = []
    for (const [from, to] of sorted) {
      const last = merged.at(-1)
      if (last && from <= last[1] + 1) last[1] = Math.max(last[1], to)
      else merged.push([from, to])
    }
    return new MonthSet(merged)
  }

  /** Reads what toString wrote: `2019-03..2026-02,2026-05`. Throws on anything else. */
  static parse(text: string): MonthSet {
    if (text === '') return MonthSet.empty
    return MonthSet.ofRuns(
      text.split(',').map((part) => {
        const [from, to = from, more] = part.split('..') as [string, string?, string?]
        if (!isMonth(from) || !isMonth(to) || from > to || more !== undefined)
          throw new RangeError(`not a run of months: ${part}`)
        return [monthIndex(from), monthIndex(to)] as const
      }),
    )
  }

  get size(): number {
    return this.runs.reduce((sum, [from, to]) => sum + to - from + 1, 0)
  }
  has(month: Month): boolean {
    const at = monthIndex(month)
    return this.runs.some(([from, to]) => from <= at && at <= to)
  }
  with(month: Month): MonthSet {
    const at = monthIndex(month)
    const last = this.runs.at(-1)
    // The common case: the next month of a running career.
    if (last && at === last[1] + 1) return new MonthSet([...this.runs.slice(0, -1), [last[0], at]])
    return this.has(month) ? this : MonthSet.ofRuns([...this.runs, [at, at]])
  }
  without(month: Month): MonthSet {
    return this.minus(MonthSet.of([month]))
  }
  union(other: MonthSet): MonthSet {
    return MonthSet.ofRuns([...this.runs, ...other.runs])
  }
  intersect(other: MonthSet): MonthSet {
    const common: (readonly [number, number])[] = []
    for (const [a, b] of this.runs)
      for (const [c, d] of other.runs)
        if (Math.max(a, c) <= Math.min(b, d)) common.push([Math.max(a, c), Math.min(b, d)])
    return MonthSet.ofRuns(common)
  }
  minus(other: MonthSet): MonthSet {
    let left: (readonly [number, number])[] = [...this.runs]
    for (const [c, d] of other.runs) {
      left = left.flatMap(([a, b]) => {
        const rest: (readonly [number, number])[] = []
        if (a < c) rest.push([a, Math.min(b, c - 1)])
        if (b > d) rest.push([Math.max(a, d + 1), b])
        return rest
      })
    }
    return MonthSet.ofRuns(left)
  }
  /** The months earlier than this one. */
  before(month: Month): MonthSet {
    return this.intersect(new MonthSet([[0, monthIndex(month) - 1]]))
  }
  /** This month and the later ones. */
  from(month: Month): MonthSet {
    return this.minus(new MonthSet([[0, monthIndex(month) - 1]]))
  }
  equals(other: MonthSet): boolean {
    return this.toString() === other.toString()
  }
  first(): Month | undefined {
    const run = this.runs[0]
    return run && monthOf(run[0])
  }
  last(): Month | undefined {
    const run = this.runs.at(-1)
    return run && monthOf(run[1])
  }
  *[Symbol.iterator](): IterableIterator<Month> {
    for (const [from, to] of this.runs) for (let at = from; at <= to; at++) yield monthOf(at)
  }
  toString(): string {
    return this.runs.map(([a, b]) => (a === b ? monthOf(a) : `${monthOf(a)}..${monthOf(b)}`)).join(',')
  }
}
