// The service on throw-away engines, with persons, months and hospitals, for the tests beside.
import assert from 'node:assert/strict'
import { addMonths, monthIndex, Problem } from '@jinbao/core'
import { loadPolicy } from '@jinbao/policy'
import * as collection from '@jinbao/proto/collection/v1/events.ts'
import { Insured } from '@jinbao/proto/collection/v1/events.ts'
import { Line, Sex } from '@jinbao/proto/common/v1/common.ts'
import * as identity from '@jinbao/proto/identity/v1/events.ts'
import { HospitalLevel, Treatment } from '@jinbao/proto/medical/v1/events.ts'
import { Bill, MedicalServiceService } from '@jinbao/proto/medical/v1/medical.ts'
import type { RequestOf, ResponseOf, Role } from '@jinbao/rpc'
import { defineService, type EventOf, eventCodec } from '@jinbao/service'
import { type TestWorld, testWorld } from '@jinbao/service/testing.ts'
import { fen } from './domain/testing.ts'
import { medical } from './service.ts'

const facts = {
  PersonRegistered: identity.PersonRegistered,
  DeathRegistered: identity.DeathRegistered,
  PersonsMerged: identity.PersonsMerged,
  ContributionsReceived: collection.ContributionsReceived,
}
type Fact = EventOf<typeof facts>
const codec = eventCodec(facts)
export const silent = (name: string) => defineService({ name, authority: 'HUMAN_RESOURCES', aggregates: [], apis: [] })

export let world: TestWorld
let told = 0
export async function tell(source: string, ...events: Fact[]): Promise<void> {
  for (const event of events)
    await world.stores
      .get(source)!
      .append(`${source}-test-${++told}`, 'NO_STREAM', [codec.encode(event, `${source}-${told}`, {})])
  await world.settle()
}
export const register = (personId: string): Fact => ({
  type: 'PersonRegistered',
  data: identity.PersonRegistered.create({ personId, birthMonth: '1980-05', sex: Sex.FEMALE }),
})
export const paid = (personId: string, from: string, to: string): Fact[] =>
  Array.from({ length: monthIndex(to) - monthIndex(from) + 1 }, (_, i) => {
    const month = addMonths(from, i)
    const line = { line: Line.MEDICAL, employerFen: fen('980'), employeeFen: fen('203'), accountFen: fen('200') }
    const person = { personId, insured: Insured.EMPLOYEE, baseFen: fen('10000'), basis: '', lines: [line] }
    const data = { employerId: 'e1', month, receivedOn: `${month}-20`, receiptId: `r-${month}`, persons: [person] }
    return { type: 'ContributionsReceived', data: collection.ContributionsReceived.create(data) }
  })

type Rpcs = typeof MedicalServiceService
type Medical = { readonly [K in keyof Rpcs]: (request: RequestOf<Rpcs[K]>) => Promise<ResponseOf<Rpcs[K]>> }
export const as = (subject: string, ...roles: Role[]): Medical =>
  world.as('medical', MedicalServiceService, {
    subject,
    roles,
    ...(roles[0] === 'citizen' ? { person: subject } : {}),
  }) as unknown as Medical
export const desk = () => as('h1-system', 'integrator')
export const officer = () => as('officer-1', 'officer')
export const refused = (work: Promise<unknown>, reason: string) =>
  assert.rejects(work, (error) => error instanceof Problem && error.reason === reason)

/** E3's bill in codes of the catalogue: the stent's ceiling lies at 798 a piece. */
export const items = (on: string) => [
  { line: 1, code: 'F3308001', on, quantity: '2', amountFen: fen('10400') },
  { line: 2, code: 'D0101001', on, quantity: '2', amountFen: fen('2000') },
  { line: 3, code: 'F1101002', on, quantity: '3', amountFen: fen('1500') },
  { line: 4, code: 'F4100001', on, quantity: '10', amountFen: fen('450') },
]
export const bill = (personId: string, billNumber: string, from: string, to = from, change: Partial<Bill> = {}): Bill =>
  Bill.create({
    personId,
    billNumber,
    institutionId: 'h1',
    treatment: Treatment.INPATIENT,
    from,
    to,
    items: items(from),
    ...change,
  })

export async function openWorld(): Promise<void> {
  const services = [medical, silent('identity'), silent('collection'), silent('pension')]
  world = await testWorld(services, loadPolicy(), '110000', '2026-06-02T02:00:00Z')
  await tell('identity', ...['ann', 'bo', 'cy', 'dee', 'eve', 'twin'].map(register))
  await tell('collection', ...['ann', 'bo', 'cy', 'dee'].flatMap((person) => paid(person, '2025-06', '2026-05')))
  const places = [
    ['h1', '110105'],
    ['far', '310101'],
  ] as const
  for (const [institutionId, place] of places)
    await officer().designateInstitution({
      institutionId,
      name: 'a hospital',
      level: HospitalLevel.LEVEL_3,
      place,
      from: '2020-01-01',
    })
  await world.settle()
}
