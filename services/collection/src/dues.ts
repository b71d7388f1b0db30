// What a day brings: employers that have not declared get their bill (C-7), unpaid bills fall overdue (S-01).
import { addMonths, type Day, type Month, monthOfDay } from '@jinbao/core'
import { type Due, order, type ReactionContext } from '@jinbao/service'
import { declareBy } from './domain/dueDays.ts'
import { openingOf } from './facts.ts'
import { declarationId, declarations } from './streams.ts'
import { duesIn } from './views.ts'

interface Missing {
  employer_id: string
  dues: string
}

function missing({ db }: ReactionContext, month: Month): Missing[] {
  return db.all<Missing>(
    `SELECT before.employer_id, before.dues FROM bills before
     LEFT JOIN bills now ON now.employer_id = before.employer_id AND now.month = ?
     WHERE before.month = ? AND before.due_fen > 0 AND coalesce(now.filed, 0) = 0`,
    month,
    addMonths(month, -1),
  )
}

const estimates: Due = {
  name: 'estimates',
  *orders(context: ReactionContext, day: Day) {
    const now = monthOfDay(day)
    for (const month of [addMonths(now, -1), now]) {
      if (day <= declareBy(context.policyOn, month)) continue
      for (const { employer_id: employerId, dues: bill } of missing(context, month)) {
        const previous = duesIn(bill)
        const opening = openingOf(context.db, employerId, month)
        yield order(declarations, declarationId(employerId, month), { type: 'Estimate', opening, previous })
      }
    }
  },
}

const overdue: Due = {
  name: 'overdue',
  orders({ db }, day) {
    const rows = db.all<{ employer_id: string; month: string }>(
      'SELECT employer_id, month FROM bills WHERE open_fen > 0 AND due_on < ? AND overdue = 0',
      day,
    )
    return rows.map((row) => order(declarations, declarationId(row.employer_id, row.month), { type: 'PassDueDay' }))
  },
}

export const dues = [estimates, overdue]
