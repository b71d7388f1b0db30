// One month of so many persons in a process of its own; prints what it took as JSON. Run by month.ts.
import { randomUUID } from 'node:crypto'
import * as path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { collection } from '@jinbao/collection'
import { pension } from '@jinbao/pension'
import { CollectionServiceService, RecordReceiptRequest } from '@jinbao/proto/collection/v1/collection.ts'
import { HireFiled } from '@jinbao/proto/employment/v1/events.ts'
import { EmployerRegistered, PersonRegistered } from '@jinbao/proto/identity/v1/events.ts'
import { openRegion } from '@jinbao/region'
import { type Call, clientOf } from '@jinbao/rpc'
import { defineService, type EventOf, eventCodec } from '@jinbao/service'
import type { Store } from '@jinbao/store'

const folder = process.argv[2]!
const persons = Number(process.argv[3])
const EMPLOYER_SIZE = 5_000
const month = '2025-07'
const employers = Array.from({ length: persons / EMPLOYER_SIZE }, (_, n) => `e${n}`)
const silent = (name: string) => defineService({ name, authority: 'HUMAN_RESOURCES', aggregates: [], apis: [] })
const region = await openRegion({
  place: '310000',
  folder,
  services: [silent('identity'), silent('employment'), collection, pension],
  clock: () => Temporal.Instant.from('2025-07-10T02:00:00Z'),
})

const facts = { EmployerRegistered, PersonRegistered, HireFiled }
const codec = eventCodec(facts)
/** The registers, as identity and employment would have written them. */
async function tell(source: string, count: number, make: (n: number) => EventOf<typeof facts>): Promise<void> {
  const store = region.stores.get(source)!
  for (let from = 0; from < count; from += 1_000)
    await store.appendMany(
      Array.from({ length: Math.min(1_000, count - from) }, (_, i) => {
        const event = make(from + i)
        return {
          stream: `${source}-${event.type.toLowerCase()}-${from + i}`,
          expected: 'NO_STREAM' as const,
          events: [codec.encode(event, randomUUID(), {})],
        }
      }),
    )
}
await tell('identity', employers.length, (n) => ({
  type: 'EmployerRegistered',
  data: EmployerRegistered.create({ employerId: `e${n}`, riskClass: 1, contributesFrom: '2010-01-01' }),
}))
await tell('identity', persons, (n) => ({
  type: 'PersonRegistered',
  data: PersonRegistered.create({ personId: `p${n}`, birthMonth: '1985-05' }),
}))
await tell('employment', persons, (n) => ({
  type: 'HireFiled',
  data: HireFiled.create({
    relationId: `r${n}`,
    personId: `p${n}`,
    employerId: `e${Math.floor(n / EMPLOYER_SIZE)}`,
    from: '2020-01-01',
    main: true,
    wageFen: 800_000n + BigInt(n % 1_000) * 1_000n,
  }),
}))
await region.settle()

const client = clientOf(CollectionServiceService, region.transport('collection'))
const call = (): Call => ({
  principal: { subject: 'officer-1', roles: ['officer'] },
  commandId: randomUUID(),
  deadline: Date.now() + 120_000,
  signal: new AbortController().signal,
})
async function oneEmployer(employerId: string): Promise<void> {
  await client.openDeclaration({ employerId, month, empty: false }, call())
  const { declaration } = await client.submitDeclaration({ employerId, month }, call())
  if (declaration?.status !== 'ASSESSED') throw new Error(`${employerId} is ${declaration?.status}`)
  const amountFen = declaration.employerFen + declaration.employeeFen
  const receivedOn = '2025-07-10'
  await client.recordReceipt(
    RecordReceiptRequest.create({ employerId, amountFen, receivedOn, reference: `V-${employerId}` }),
    call(),
  )
}
const started = performance.now()
for (const employerId of employers) await oneEmployer(employerId)
await region.settle()
const ms = performance.now() - started
const rssMb = process.resourceUsage().maxRSS / 1_024

/** As many events of the same size, inserted by thousands, each thousand durable. */
async function bareMs(
  stores: readonly Store[],
): Promise<{ events: number; bytes: number; bare: number; credited: number }> {
  const database = new DatabaseSync(path.join(folder, 'bare.db'))
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL')
  database.exec(
    'CREATE TABLE events (position INTEGER PRIMARY KEY, stream TEXT, version INTEGER, id TEXT, type TEXT, data TEXT, meta TEXT)',
  )
  database.exec('CREATE UNIQUE INDEX events_stream ON events (stream, version)')
  const insert = database.prepare(
    'INSERT INTO events (stream, version, id, type, data, meta) VALUES (?, ?, ?, ?, ?, ?)',
  )
  const sum = { events: 0, bytes: 0, bare: 0, credited: 0 }
  for (const store of stores) {
    let after: bigint | undefined
    for (;;) {
      const page = await store.readAll(after, 1_000)
      if (page.length === 0) break
      after = page.at(-1)!.position
      const rows = page.map(
        (one) => [one.stream, one.version, one.id, one.type, one.data, JSON.stringify(one.meta)] as const,
      )
      const from = performance.now()
      database.exec('BEGIN')
      for (const row of rows) insert.run(...row)
      database.exec('COMMIT')
      sum.bare += performance.now() - from
      sum.events += page.length
      for (const one of page) {
        sum.bytes += one.data.length
        if (one.type === 'ContributionCredited') sum.credited += 1
      }
    }
  }
  database.close()
  return sum
}
const bare = await bareMs([region.stores.get('collection')!, region.stores.get('pension')!])
if (bare.credited !== persons) throw new Error(`${bare.credited} of ${persons} credited`)
await region.close()
console.log(JSON.stringify({ persons, ms, rssMb, ...bare }))
