// One monthly run, from declaration to credited accounts, over HTTP against a region in this process; prints the books
// as JSON when all has settled. Killed at any moment by monthly.slow.test.ts, then run again with the same keys.
import { collection } from '@jinbao/collection'
import { employment } from '@jinbao/employment'
import { pension } from '@jinbao/pension'
import { openRegion } from '@jinbao/region'
import { defineService } from '@jinbao/service'
import { caller } from '../world.ts'

const [folder, what = 'run'] = process.argv.slice(2) as [string, string?]
const PERSONS = 300
const people = Array.from({ length: PERSONS }, (_, i) => ({ id: `p${i}`, wageFen: String(500_000 + i * 12_345) }))

// Only the facts of the register are needed here, so its store is filled by hand.
const register = defineService({ name: 'identity', authority: 'HUMAN_RESOURCES', aggregates: [], apis: [] })
const clock = () => Temporal.Instant.from('2025-07-25T10:00:00+08:00')
const region = await openRegion({
  place: '310000',
  folder,
  clock,
  services: [register, employment, collection, pension],
})
const url = await region.gateway.listen({ port: 0 })
const officer = caller(url, await region.issuer.mint({ subject: 'officer-1', roles: ['officer'] }))
console.log('ready')

async function fill(): Promise<void> {
  const store = region.stores.get('identity')!
  const fact = (type: string, data: object) => [
    { id: `${type}-${JSON.stringify(data)}`.slice(0, 60), type, data: JSON.stringify(data), meta: { schema: '1' } },
  ]
  const employer = {
    employerId: 'e1',
    creditCode: '91310199MA1T000210',
    name: 'test',
    place: '310000',
    industry: 'I65',
    riskClass: 1,
    contributesFrom: '2020-01-01',
  }
  await store.append('identity-employer-e1', 'NO_STREAM', fact('EmployerRegistered', employer))
  for (const { id } of people)
    await store.append(
      `identity-person-${id}`,
      'NO_STREAM',
      fact('PersonRegistered', { personId: id, birthMonth: '1990-05', sex: 'FEMALE' }),
    )
  await region.settle()
  for (const { id, wageFen } of people)
    await officer.do(
      '/v1/employment/relations',
      { personId: id, employerId: 'e1', from: '2024-01-01', kind: 'OPEN_ENDED', main: true, wageFen },
      { key: `hire-${id}` },
    )
  await region.settle()
}

async function run(): Promise<object> {
  const month = '/v1/collection/employers/e1/declarations'
  await officer.do(month, { month: '2025-07', empty: true }, { key: 'open' })
  for (let chunk = 0; chunk < 3; chunk++) {
    const lines = people
      .slice(chunk * 100, chunk * 100 + 100)
      .map(({ id, wageFen }) => ({ personId: id, wageFen, months: 1 }))
    await officer.do(
      `${month}/2025-07/chunks/${chunk + 1}:changeLines`,
      { lines, replace: true },
      { key: `lines-${chunk}` },
    )
  }
  const { declaration } = await officer.do(`${month}/2025-07:submit`, {}, { key: 'submit' })
  const due = BigInt(declaration.employerFen) + BigInt(declaration.employeeFen)
  // Two receipts: the first pays a part, the second the rest and a little more.
  const first = due / 3n
  const receipt = (amount: bigint, reference: string) =>
    officer.do(
      '/v1/collection/receipts',
      { employerId: 'e1', amountFen: String(amount), receivedOn: '2025-07-24', reference },
      { key: reference },
    )
  await receipt(first, 'T1')
  const last = await receipt(due - first + 1_234n, 'T2')
  await region.settle()
  const paid = await officer.see(`${month}/2025-07`)
  const accounts: Record<string, string> = {}
  for (const { id } of people) {
    const { balanceFen, months } = await officer.see(`/v1/pension/accounts/${id}`)
    accounts[id] = `${balanceFen} ${months}`
  }
  const { suspenseFen } = await officer.see(`/v1/collection/receipts/${last.receipt.id}`)
  return { due: String(due), status: paid.status, lines: paid.lines, suspenseFen, accounts }
}

if (what === 'fill') await fill()
else console.log(`books ${JSON.stringify(await run())}`)
await region.close()
