// By when a month is declared and paid (C-11, C-21, other-lines §2.2).
import { addDays, type Day, firstDay, lastDay, type Month, type Policy, type PolicyOn } from '@jinbao/core'

/** 31 is the last day of any month. */
function dayOf(law: Policy, key: string, month: Month): Day {
  const { n, d } = law.value(key)
  const day = `${month}-${String(n / d).padStart(2, '0')}`
  const last = lastDay(month)
  return day < last ? day : last
}

export const declareBy = (policyOn: PolicyOn, month: Month): Day =>
  dayOf(policyOn(firstDay(month)), 'declaration.dueDay', month)

/** C-21: a due day on a rest day stays where it is unless the region moves it. */
export function dueOn(policyOn: PolicyOn, month: Month): Day {
  const law = policyOn(firstDay(month))
  const day = dayOf(law, 'contribution.dueDay', month)
  const moves = law.word('contribution.dueDay.onRestDay', ['STAYS', 'NEXT_WORKING_DAY']).word === 'NEXT_WORKING_DAY'
  return moves ? law.addWorkingDays(addDays(day, -1), 1) : day
}
