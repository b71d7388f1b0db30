// A file of receipts from the tax side: a voucher is one receipt, its rows say whom the money is for.
import type { AnswerOf, Client, Schemas } from '@jinbao/client'
import { receipts } from './columns.ts'
import { registerOf } from './register.ts'
import { eachGroup, type FileReport, keyOf } from './rows.ts'

interface ReceiptRow {
  readonly reference: string
  readonly creditCode: string
  readonly receivedOn: string
  readonly amountFen: string
  readonly number?: string
  readonly name?: string
  readonly month?: string
  readonly line?: Schemas['common.Line']
  readonly rowFen?: string
}

export interface ReceiptsReport extends FileReport {
  readonly receipts: readonly NonNullable<AnswerOf<'collection.RecordReceipt'>['money']>[]
}

export async function recordReceipts(
  client: Client,
  file: string,
  progress?: (rows: number) => void,
): Promise<ReceiptsReport> {
  const register = registerOf(client)
  const recorded: ReceiptsReport['receipts'][number][] = []
  const by = (row: ReceiptRow) => row.reference
  const options = { kind: receipts, by, parallel: 1, ...(progress ? { progress } : {}) }
  const report = await eachGroup(file, options, async ({ digest, items, fail }) => {
    const [first] = items
    if (!first) return
    const { reference, creditCode, receivedOn, amountFen } = first.json
    const differs = items.find(({ json }) => json.amountFen !== amountFen || json.receivedOn !== receivedOn)
    if (differs) return fail(differs.row, { reason: 'VOUCHER_DIFFERS', message: 'rows of one voucher disagree' })
    const employerId = await register.employer(creditCode)
    const rows: Schemas['collection.ReceiptRow'][] = []
    for (const { json } of items) {
      const { number, name = '', month = '', line, rowFen = '0' } = json
      if (!number) continue
      const personId = await register.person(number, name)
      rows.push({ personId, month, amountFen: rowFen, ...(line ? { line } : {}) })
    }
    const request = { employerId, amountFen, receivedOn, reference, rows }
    const { money } = await client.call('collection.RecordReceipt', request, { key: keyOf(digest, reference) })
    if (money) recorded.push(money)
  })
  return { ...report, receipts: recorded }
}
