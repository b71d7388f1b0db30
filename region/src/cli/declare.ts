// A month's payroll file: declared employer by employer in chunks, checked dry or handed in.
import type { AnswerOf, Client, Schemas } from '@jinbao/client'
import { ApiProblem } from '@jinbao/client'
import { payroll } from './columns.ts'
import { registerOf } from './register.ts'
import { eachGroup, endsWork, type FileReport, type Group } from './rows.ts'

interface PayrollRow {
  readonly creditCode: string
  readonly number: string
  readonly name: string
  readonly wageFen: string
  readonly months?: string
  readonly lineSet?: Schemas['collection.LineSet']
}

export interface Declared {
  readonly employerId: string
  readonly creditCode: string
  readonly declaration: AnswerOf<'collection.GetDeclaration'>
  readonly warnings: number
}

export interface DeclareReport extends FileReport {
  readonly declared: readonly Declared[]
  /** False for a dry run, and when rows are wrong. */
  readonly submitted: boolean
}

export interface DeclareOptions {
  readonly month: string
  /** Say what would be assessed and which rows are wrong; the draft stays a draft. */
  readonly dryRun?: boolean
  readonly progress?: (rows: number) => void
}

const CHUNK = 1_000

/** Every employer is checked dry first; nothing is handed in while a row of the file is wrong. */
export async function declare(client: Client, file: string, options: DeclareOptions): Promise<DeclareReport> {
  const { month, dryRun = false, progress } = options
  const register = registerOf(client)
  const declared: Declared[] = []
  const reading = {
    kind: payroll,
    by: (row: PayrollRow) => row.creditCode,
    parallel: 2,
    ...(progress ? { progress } : {}),
  }
  const report = await eachGroup(file, reading, async (group) => {
    const [first] = group.items
    if (!first) return
    const { creditCode } = first.json
    const employerId = await register.employer(creditCode)
    const lines = await linesOf(register, group)
    const wages = [...lines.values()].map(({ line }) => line)
    await draft(client, employerId, month, wages)
    const { faults, declaration } = await submit(client, employerId, month, true)
    for (const { personId = '', warning, reason = '', en = '' } of faults)
      if (!warning) group.fail(lines.get(personId)?.row ?? first.row, { reason, message: en })
    const warnings = faults.filter(({ warning }) => warning).length
    if (declaration) declared.push({ employerId, creditCode, declaration, warnings })
  })
  if (dryRun || report.failed > 0) return { ...report, declared, submitted: false }
  const done: Declared[] = []
  for (const one of declared) {
    const { declaration } = await submit(client, one.employerId, month, false)
    done.push({ ...one, declaration: declaration ?? one.declaration })
  }
  return { ...report, declared: done, submitted: true }
}

const submit = (client: Client, employerId: string, month: string, validateOnly: boolean) =>
  client.call('collection.SubmitDeclaration', { employerId, month }, { validateOnly })

/** Rows whose person is found, by person; the others fail here and the rest goes on. */
async function linesOf({ person }: ReturnType<typeof registerOf>, { items, fail }: Group<PayrollRow>) {
  const lines = new Map<string, { row: number; line: Schemas['collection.WageLine'] }>()
  for (const { row, json } of items) {
    const { number, name, wageFen, months = '1', lineSet = 'ALL_LINES' } = json
    try {
      const personId = await person(number, name)
      lines.set(personId, { row, line: { personId, wageFen, months: Number(months), lineSet } })
    } catch (error) {
      if (!(error instanceof ApiProblem) || endsWork(error)) throw error
      fail(row, error, '证件号码')
    }
  }
  return lines
}

async function draft(
  client: Client,
  employerId: string,
  month: string,
  lines: readonly Schemas['collection.WageLine'][],
): Promise<void> {
  await client.call('collection.OpenDeclaration', { employerId, month, empty: true })
  for (let chunk = 1; (chunk - 1) * CHUNK < lines.length; chunk++) {
    const part = lines.slice((chunk - 1) * CHUNK, chunk * CHUNK)
    await client.call('collection.ChangeLines', { employerId, month, chunk, lines: part, replace: true })
  }
}
