// Files into the region: persons, employers, labour relations, opening records of an old system.
import type { Client, RequestOf } from '@jinbao/client'
import { uploads } from '../imports.ts'
import { opening, relations } from './columns.ts'
import { registerOf } from './register.ts'
import { eachGroup, type FileReport, keyOf } from './rows.ts'

export type ImportName = keyof typeof importers

type Importer = (client: Client, file: string, progress?: (rows: number) => void) => Promise<FileReport>

interface RelationRow extends Omit<RequestOf<'employment.FileHire'>, 'personId' | 'employerId'> {
  readonly creditCode: string
  readonly number: string
  readonly name: string
  readonly from: string
}

interface OpeningRow {
  readonly number: string
  readonly name: string
  readonly recordId: string
  readonly sourceSystem: string
  readonly months: string
  readonly baseFen?: string
  readonly accountFen?: string
  readonly index?: string
  readonly balancesUntil?: string
  readonly balanceFen?: string
}

const withProgress = (progress: ((rows: number) => void) | undefined) => (progress ? { progress } : {})

const persons: Importer = (client, file, progress) => {
  const options = { kind: uploads.persons, by: (row: { number: string }) => row.number, ...withProgress(progress) }
  return eachGroup(file, options, async ({ digest, items: [item] }) => {
    if (item) await client.call('identity.RegisterPerson', item.json, { key: keyOf(digest, item.key) })
  })
}

const employers: Importer = (client, file, progress) => {
  const by = (row: { creditCode: string; riskClass: string }) => row.creditCode
  return eachGroup(
    file,
    { kind: uploads.employers, by, ...withProgress(progress) },
    async ({ digest, items: [item] }) => {
      if (!item) return
      const request = { ...item.json, riskClass: Number(item.json.riskClass) }
      await client.call('identity.RegisterEmployer', request, { key: keyOf(digest, item.key) })
    },
  )
}

const labourRelations: Importer = (client, file, progress) => {
  const register = registerOf(client)
  const by = (row: RelationRow) => `${row.creditCode} ${row.number} ${row.from}`
  return eachGroup(file, { kind: relations, by, ...withProgress(progress) }, async ({ digest, items: [item] }) => {
    if (!item) return
    const { creditCode, number, name, ...terms } = item.json
    const [personId, employerId] = await Promise.all([register.person(number, name), register.employer(creditCode)])
    await client.call('employment.FileHire', { ...terms, personId, employerId }, { key: keyOf(digest, item.key) })
  })
}

/** `1.1052` as ten-thousandths. */
function tenThousandths(text: string): string {
  const match = /^(\d)(?:\.(\d{1,4}))?$/.exec(text)
  if (!match) throw new RangeError(`an index looks like 1.1052, not ${text}`)
  return String(BigInt(match[1] ?? '') * 10_000n + BigInt((match[2] ?? '').padEnd(4, '0')))
}

const openingRecords: Importer = (client, file, progress) => {
  const register = registerOf(client)
  const by = (row: OpeningRow) => `${row.number} ${row.recordId}`
  return eachGroup(file, { kind: opening, by, ...withProgress(progress) }, async ({ digest, items, fail }) => {
    const [first] = items
    if (!first) return
    const wrong = items.filter(({ json }) => json.index && !/^\d(\.\d{1,4})?$/.test(json.index))
    for (const { row } of wrong) fail(row, { reason: 'NOT_AN_INDEX', message: 'an index looks like 1.1052' }, '指数')
    if (wrong.length > 0) return
    const { number, name, recordId, sourceSystem, balancesUntil = '', balanceFen = '0' } = first.json
    const runs = items.map(({ json: { months, baseFen = '0', accountFen = '0', index = '0' } }) => ({
      months,
      baseFen,
      accountFen,
      indexTenThousandths: tenThousandths(index),
    }))
    const record = { recordId, sourceSystem, runs, balancesUntil, balances: { from98Fen: balanceFen } }
    const personId = await register.person(number, name)
    const key = keyOf(digest, number, recordId)
    await client.call('pension.ImportOpeningRecord', { personId, record }, { key })
  })
}

export const importers = { persons, employers, relations: labourRelations, opening: openingRecords } as const
