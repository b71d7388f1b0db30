import { type Day, monthOfDay } from '@jinbao/core'
import { type Due, order } from '@jinbao/service'
import { yearOf } from './domain/dated.ts'
import { accounts, claims } from './streams.ts'

/** Interest of the years that are over: once, and again where it was provisional (I-4). */
const interest: Due = {
  name: 'interest',
  *orders({ db }, day: Day) {
    const year = yearOf(day) - 1
    const rows = db.all<{ person_id: string }>(
      'SELECT person_id FROM accounts WHERE closed = 0 AND (posted_year < ? OR provisional = 1)',
      year,
    )
    for (const { person_id: personId } of rows)
      yield order(accounts, personId, { type: 'PostInterest', personId, year })
  },
}

/** The month's pensions, and months that are still open. */
const payments: Due = {
  name: 'payments',
  *orders({ db }, day: Day) {
    const rows = db.all<{ claim_id: string }>(
      "SELECT claim_id FROM claims WHERE status IN ('paying', 'suspended', 'ended') AND next_month <= min(last_month, ?)",
      monthOfDay(day),
    )
    for (const { claim_id: id } of rows) yield order(claims, id, { type: 'PayDue' })
  },
}

/** Deadlines of open claims (P-6). */
const deadlines: Due = {
  name: 'deadlines',
  *orders({ db }, day: Day) {
    const rows = db.all<{ claim_id: string }>(
      "SELECT claim_id FROM claims WHERE status IN ('applied', 'checked', 'decided') AND due_on <= ?",
      day,
    )
    for (const { claim_id: id } of rows) yield order(claims, id, { type: 'Remind' })
  },
}

export const dues = [interest, payments, deadlines]
