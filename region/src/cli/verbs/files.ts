// Verbs that take files: import, declare, receipts.
import type { Asked } from '../connection.ts'
import { Usage } from '../connection.ts'
import { declare } from '../declare.ts'
import { type ImportName, importers } from '../imports.ts'
import { table, yuanOf } from '../output.ts'
import { guessRows, progressOf } from '../progress.ts'
import { recordReceipts } from '../receipts.ts'
import type { FileReport } from '../rows.ts'
import { Failed, type Verb } from '../verb.ts'

const SHOWN = 50

function errorsOf({ errors, errorsLeftOut }: FileReport): string {
  if (errors.length === 0) return ''
  const rows = errors.slice(0, SHOWN).map(({ row, column, reason, message, whatToDo }) => ({
    row,
    column,
    reason,
    message,
    'what to do': whatToDo,
  }))
  const more = errors.length - rows.length + errorsLeftOut
  return `\n${table(rows)}${more > 0 ? `and ${more} more; --json lists them\n` : ''}`
}

const headline = ({ file, rows, done, failed }: FileReport) => `${file}: ${rows} rows, ${done} done, ${failed} failed\n`

async function watched<T>(
  { io }: Asked,
  file: string,
  work: (rows: (count: number) => void) => Promise<T>,
): Promise<T> {
  const progress = progressOf(io, file, io.interactive ? await guessRows(file) : 0)
  try {
    return await work(progress.rows)
  } finally {
    progress.stop()
  }
}

const failWhere = ({ failed, rows }: FileReport) => {
  if (failed > 0) throw new Failed(`${failed} of ${rows} rows are wrong`)
}

const isImport = (kind: string): kind is ImportName => Object.hasOwn(importers, kind)

export const importVerb: Verb = {
  usage: 'import <kind> <file>',
  help: 'Take in a file of persons, employers, relations or opening records (CSV in UTF-8 or GB18030, XLSX).',
  example: 'import persons examples/110000/persons.csv',
  async run(asked, [kind = '', file = '']) {
    if (!isImport(kind)) throw new Usage(`import takes one of ${Object.keys(importers).join(', ')}`)
    const report = await watched(asked, file, (rows) => importers[kind](asked.client('officer'), file, rows))
    asked.say(report, () => headline(report) + errorsOf(report))
    failWhere(report)
  },
}

export const declareVerb: Verb = {
  usage: 'declare <month> <file>',
  help: 'Declare a month’s payroll file: five lines are assessed per person and side. Nothing while a row is wrong.',
  example: 'declare 2025-07 examples/110000/payroll-2025-07.csv --dry-run',
  options: [['--dry-run', 'say what would be assessed and which rows are wrong']],
  async run(asked, [month = '', file = ''], { dryRun }) {
    const client = asked.client('officer')
    const report = await watched(asked, file, (progress) =>
      declare(client, file, { month, dryRun: Boolean(dryRun), progress }),
    )
    asked.say(report, () => {
      const rows = report.declared.map(({ creditCode, declaration, warnings }) => ({
        employer: creditCode,
        persons: declaration.persons,
        'employer side': yuanOf(declaration.employerFen),
        'employee side': yuanOf(declaration.employeeFen),
        'due on': declaration.dueOn,
        warnings,
      }))
      const state = report.submitted ? 'handed in and assessed' : 'checked only, nothing handed in'
      return `${headline(report)}${state}\n\n${table(rows)}${errorsOf(report)}`
    })
    failWhere(report)
  },
}

export const receiptsVerb: Verb = {
  usage: 'receipts <file>',
  help: 'Take in a file of receipts and match them: paid persons are credited, the rest stays owed.',
  example: 'receipts examples/310000/receipts.csv',
  async run(asked, [file = '']) {
    const report = await watched(asked, file, (rows) => recordReceipts(asked.client('officer'), file, rows))
    asked.say(report, () => {
      const rows = report.receipts.map((money) => ({
        voucher: money.reference,
        received: yuanOf(money.amountFen),
        on: money.receivedOn,
        months: money.months.map(({ month }) => month).join(' '),
        suspense: yuanOf(money.suspenseFen),
      }))
      return `${headline(report)}\n${table(rows)}${errorsOf(report)}`
    })
    failWhere(report)
  },
}
