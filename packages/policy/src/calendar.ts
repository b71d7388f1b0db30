// Working days: the week, except where the yearly notice of the State Council breaks it (G-06).
import { addDays, type Day, type PolicyTable } from '@jinbao/core'

export const CALENDAR = 'calendar.exceptions'

export function isWorkingDay(day: Day, exceptions: PolicyTable): boolean {
  const exception = exceptions.rows.get(day)
  return exception ? exception.n !== 0n : Temporal.PlainDate.from(day).dayOfWeek <= 5
}

/** The n-th working day after a day; `year` gives the calendar of a year. */
export function addWorkingDays(from: Day, days: number, year: (january: Day) => PolicyTable): Day {
  if (!Number.isInteger(days) || days < 0) throw new RangeError(`${days} working days`)
  let [day, left] = [from, days]
  while (left > 0) {
    day = addDays(day, 1)
    if (isWorkingDay(day, year(`${day.slice(0, 4)}-01-01`))) left--
  }
  return day
}
