import { addMonths, type Day, monthOfDay } from '@jinbao/core'
import { ClaimStatus } from '@jinbao/proto/medical/v1/events.ts'
import { type Due, order } from '@jinbao/service'
import { closings } from './clearings.ts'
import { personRow } from './facts.ts'
import { accounts, yearId, years } from './streams.ts'

/** MED-04: the month's fixed amount of every retiree, and months that are still open. */
const retirees: Due = {
  name: 'retirees',
  *orders(context, day: Day) {
    const month = monthOfDay(day)
    const rows = context.db.all<{ person_id: string }>(
      "SELECT person_id FROM accounts WHERE closed = 0 AND lifetime_from <> '' AND lifetime_from <= ? AND credited < ?",
      month,
      month,
    )
    for (const { person_id: personId } of rows) {
      const birthMonth = personRow(context, personId)?.birth_month ?? ''
      yield order(accounts, personId, { type: 'CreditRetiree', personId, birthMonth, month })
    }
  },
}

/** MED-06: interest of the year that is over. */
const interest: Due = {
  name: 'interest',
  *orders({ db }, day: Day) {
    const year = Number(day.slice(0, 4)) - 1
    const rows = db.all<{ person_id: string }>(
      'SELECT person_id FROM accounts WHERE closed = 0 AND interest_until < ?',
      year,
    )
    for (const { person_id: personId } of rows)
      yield order(accounts, personId, { type: 'PostInterest', personId, year })
  },
}

/** SIAR art. 20: manual claims within 30 working days. */
const deadlines: Due = {
  name: 'deadlines',
  *orders({ db }, day: Day) {
    const rows = db.all<{ claim_id: string; person_id: string; year: bigint }>(
      "SELECT claim_id, person_id, year FROM claims WHERE due_on <> '' AND due_on <= ? AND status IN (?, ?)",
      day,
      ClaimStatus.RECEIVED,
      ClaimStatus.PRICED,
    )
    for (const { claim_id: claimId, person_id: personId, year } of rows)
      yield order(years, yearId(personId, Number(year)), { type: 'Remind', claimId })
  },
}

/** O§3.5: a registration whose last day is over. */
const registrations: Due = {
  name: 'registrations',
  *orders({ db }, day: Day) {
    const rows = db.all<{ registration_id: string; person_id: string }>(
      "SELECT registration_id, person_id FROM registrations WHERE open = 1 AND day_to <> '' AND day_to < ?",
      day,
    )
    for (const { registration_id: registrationId, person_id: personId } of rows)
      yield order(accounts, personId, { type: 'ExpireOffRegion', personId, registrationId })
  },
}

/** O§3.5: last month's amounts of every institution. */
const clearing: Due = {
  name: 'clearing',
  *orders({ db, policyOn }, day: Day) {
    const month = addMonths(monthOfDay(day), -1)
    const home = policyOn(day).place
    const rows = db.all<{ institution_id: string }>(
      "SELECT DISTINCT institution_id FROM clearing_entries WHERE clearing_id = '' AND day < ?",
      `${monthOfDay(day)}-01`,
    )
    for (const { institution_id: institutionId } of rows) yield* closings({ db }, institutionId, month, home)
  },
}

export const dues = [retirees, interest, deadlines, registrations, clearing]
