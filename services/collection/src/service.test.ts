// The service on throw-away engines: registers say who there is, a payroll goes in, a receipt is matched.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Explanation } from '@jinbao/core'
import { loadPolicy } from '@jinbao/policy'
import {
  ChangeLinesRequest,
  CollectionServiceService,
  CorrectDeclarationRequest,
  DeclareFlexibleRequest,
  ListDeclarationLinesRequest,
  RecordReceiptRequest,
} from '@jinbao/proto/collection/v1/collection.ts'
import { ContributionsReceived, WageLine } from '@jinbao/proto/collection/v1/events.ts'
import { Line } from '@jinbao/proto/common/v1/common.ts'
import * as employment from '@jinbao/proto/employment/v1/events.ts'
import * as identity from '@jinbao/proto/identity/v1/events.ts'
import * as pension from '@jinbao/proto/pension/v1/events.ts'
import type { Call, Principal, RequestOf, ResponseOf } from '@jinbao/rpc'
import { defineService, type EventOf, eventCodec } from '@jinbao/service'
import { type TestWorld, testWorld } from '@jinbao/service/testing.ts'
import { collection } from './service.ts'

const facts = {
  PersonRegistered: identity.PersonRegistered,
  DeathRegistered: identity.DeathRegistered,
  EmployerRegistered: identity.EmployerRegistered,
  HireFiled: employment.HireFiled,
  RelationEnded: employment.RelationEnded,
  PensionAwarded: pension.PensionAwarded,
}
type Fact = EventOf<typeof facts>
const codec = eventCodec(facts)
const silent = (name: string) => defineService({ name, authority: 'HUMAN_RESOURCES', aggregates: [], apis: [] })
const employerId = 'e1'
const [july, august] = ['2025-07', '2025-08']

let world: TestWorld
let told = 0
async function tell(source: string, ...events: Fact[]): Promise<void> {
  for (const event of events)
    await world.stores
      .get(source)!
      .append(`${source}-test-${++told}`, 'NO_STREAM', [codec.encode(event, `${source}-${told}`, {})])
  await world.settle()
}
const person = (personId: string, birthMonth = '1980-05'): Fact => ({
  type: 'PersonRegistered',
  data: identity.PersonRegistered.create({ personId, birthMonth }),
})
const hired = (personId: string, from = '2020-01-01', wageFen = 800_000n): Fact => ({
  type: 'HireFiled',
  data: employment.HireFiled.create({ relationId: `r-${personId}`, personId, employerId, from, main: true, wageFen }),
})
type Rpcs = typeof CollectionServiceService
type Caller = { [K in keyof Rpcs]: (request: RequestOf<Rpcs[K]>) => Promise<ResponseOf<Rpcs[K]>> }
const as = (principal: Partial<Principal> = { roles: ['officer'] }, call: Partial<Call> = {}): Caller =>
  world.as('collection', CollectionServiceService, principal, call) as unknown as Caller
const wage = (personId: string, wageFen: bigint) => WageLine.create({ personId, wageFen, months: 1 })
const lines = (month: string, ...all: WageLine[]) =>
  ChangeLinesRequest.create({ employerId, month, chunk: 1, lines: all, replace: true })
const receipt = (amountFen: bigint, receivedOn: string, reference = '') =>
  RecordReceiptRequest.create({ employerId, amountFen, receivedOn, reference })
const received = async () =>
  (await world.stores.get('collection')!.readAll(undefined, 1_000))
    .filter(({ type }) => type === 'ContributionsReceived')
    .map(({ data }) => ContributionsReceived.fromJSON(JSON.parse(data)))
const at = (day: string) => {
  world.now = Temporal.Instant.from(`${day}T02:00:00Z`)
}

describe('collection', () => {
  before(async () => {
    const services = [collection, silent('identity'), silent('employment'), silent('pension')]
    world = await testWorld(services, loadPolicy(), '310000', '2025-07-10T02:00:00Z')
    const employer = identity.EmployerRegistered.create({ employerId, riskClass: 1, contributesFrom: '2010-01-01' })
    await tell('identity', { type: 'EmployerRegistered', data: employer })
    await tell('identity', person('p1'), person('p2'), person('p3'), person('p4'), person('old', '1960-01'))
    await tell('employment', hired('p1'), hired('p2'), hired('p3'))
  })
  after(() => world.close())

  test('O§2.2 the first month is prefilled from the labour relations at the agreed wage (C-1)', async () => {
    const { declaration } = await as().openDeclaration({ employerId, month: july, empty: false })
    assert.equal(declaration?.status, 'DRAFT')
    const page = await as().listDeclarationLines(ListDeclarationLinesRequest.create({ employerId, month: july }))
    assert.deepEqual(
      page.lines.map(({ wage: one }) => [one?.personId, one?.wageFen]),
      [
        ['p1', 800_000n],
        ['p2', 800_000n],
        ['p3', 800_000n],
      ],
    )
    await assert.rejects(as().openDeclaration({ employerId: 'nobody', month: july, empty: false }), {
      reason: 'EMPLOYER_UNKNOWN',
    })
  })

  test('DC-11 wrong lines are named with their reason; the declaration goes back', async () => {
    await as().changeLines(lines(july, wage('p1', 500_000n), wage('ghost', 1n), wage('p4', 900_000n), wage('p2', -5n)))
    const { declaration, faults } = await as().submitDeclaration({ employerId, month: july })
    assert.equal(declaration?.status, 'REJECTED')
    assert.deepEqual(
      faults.map(({ personId, reason }) => [personId, reason]),
      [
        ['p2', 'BAD_WAGE'],
        ['ghost', 'PERSON_UNKNOWN'],
        ['p4', 'OUTSIDE_RELATION'],
      ],
    )
  })

  test('E1 dry run, then handed in: five lines per person and side, 16,104.86 and 6,590.06', async () => {
    await as().changeLines(lines(july, wage('p1', 500_000n), wage('p2', 1_800_050n), wage('p3', 6_000_000n)))
    const dry = await as({ roles: ['officer'] }, { validateOnly: true }).submitDeclaration({ employerId, month: july })
    assert.equal(dry.declaration?.status, 'ASSESSED')
    assert.equal((await as().getDeclaration({ employerId, month: july })).status, 'REJECTED')
    const { declaration } = await as().submitDeclaration({ employerId, month: july })
    assert.deepEqual(declaration, { ...dry.declaration })
    assert.deepEqual([declaration?.employerFen, declaration?.employeeFen], [1_610_486n, 659_006n])
    assert.deepEqual([declaration?.persons, declaration?.status], [3, 'ASSESSED'])
    const again = await as().submitDeclaration({ employerId, month: july })
    assert.deepEqual(again.declaration, declaration)
    await assert.rejects(as().changeLines(lines(july, wage('p1', 1n))), { reason: 'NOT_OPEN_FOR_CHANGE' })
  })

  test('C-5 DC-05 a line is explained again to the fen', async () => {
    await world.settle()
    const { explanation } = await as().getLineExplanation({ employerId, month: july, personId: 'p2' })
    const { amounts } = JSON.parse(explanation) as Explanation
    const of = (name: string) => amounts.find((one) => one.name === name)?.amountFen
    assert.deepEqual([of('base'), of('pension.employer'), of('medical.employer')], ['1800050', '288008', '162005'])
  })

  test('C-10 a receipt that covers all credits everyone; the same voucher again does nothing', async () => {
    const { money } = await as().recordReceipt(receipt(2_269_492n, '2025-07-10', 'V-1'))
    assert.deepEqual(money?.months, [{ month: july, principalFen: 2_269_492n, lateFeeFen: 0n }])
    const again = await as().recordReceipt(receipt(2_269_492n, '2025-07-10', 'V-1'))
    assert.deepEqual(again.money, money)
    await world.settle()
    const [all, ...more] = await received()
    assert.equal(more.length, 0)
    assert.deepEqual(
      all?.persons.map((one) => [one.personId, one.baseFen, one.lines.length]),
      [
        ['p1', 746_000n, 4],
        ['p2', 1_800_050n, 4],
        ['p3', 3_730_200n, 4],
      ],
    )
    assert.equal((await as().getDeclaration({ employerId, month: july })).status, 'PAID')
    const page = await as().listDeclarationLines(
      ListDeclarationLinesRequest.create({ employerId, month: july, personId: 'p1' }),
    )
    assert.equal(page.lines[0]?.paid.length, 4)
  })

  test('DC-11 who draws a pension, has died, or is declared elsewhere', async () => {
    await tell('employment', { ...hired('old'), data: { ...hired('old').data, relationId: 'r-old' } } as Fact)
    const award = pension.PensionAwarded.create({ claimId: 'c', personId: 'old', firstMonth: '2025-08' })
    await tell('pension', { type: 'PensionAwarded', data: award })
    const death = identity.DeathRegistered.create({ personId: 'p3', diedOn: '2025-07-30' })
    await tell('identity', { type: 'DeathRegistered', data: death })
    at('2025-08-05')
    const { declaration } = await as().openDeclaration({ employerId, month: august, empty: false })
    assert.equal(declaration?.chunks, 1)
    const { faults } = await as().submitDeclaration({ employerId, month: august })
    assert.deepEqual(
      faults.map(({ personId, reason }) => [personId, reason]),
      [
        ['p3', 'PERSON_DEAD'],
        ['old', 'DRAWING_PENSION'],
      ],
    )
    const other = { employerId: 'e2', riskClass: 1, contributesFrom: '2010-01-01' }
    await tell('identity', { type: 'EmployerRegistered', data: identity.EmployerRegistered.create(other) })
    const second = { ...hired('p1').data, relationId: 'r2', employerId: 'e2' } as employment.HireFiled
    await tell('employment', { type: 'HireFiled', data: second })
    await as().openDeclaration({ employerId: 'e2', month: july, empty: false })
    const twice = await as().submitDeclaration({ employerId: 'e2', month: july })
    assert.deepEqual(
      twice.faults.map(({ reason }) => reason),
      ['DECLARED_ELSEWHERE'],
    )
  })

  test('C-7 E2 not declared: due work sets 110 % of the bill before, overdue after the due day', async () => {
    at('2025-08-20')
    await world.settle()
    const done = await world.running.get('collection')!.due('2025-08-20')
    assert.equal(done.estimates?.done, 1)
    const august_ = await as().getDeclaration({ employerId, month: august })
    assert.equal(august_.status, 'ESTIMATED')
    assert.equal(august_.employerFen + august_.employeeFen, 2_496_441n)
    await world.settle()
    await world.running.get('collection')!.due('2025-09-01')
    await world.settle()
    const arrears = await as().listArrears({ on: '2025-09-01', pageSize: 10, pageToken: '' })
    assert.deepEqual(
      arrears.receivables.map((one) => [one.month, one.openFen]),
      [[august, 2_496_441n]],
    )
  })

  test('C-7 S-01 paid on the estimate, then truly declared: the rest is a credit in suspense', async () => {
    at('2025-09-10')
    await as().recordReceipt(receipt(2_600_000n, '2025-08-25', 'V-2'))
    await as().changeLines(lines(august, wage('p1', 500_000n), wage('p2', 1_800_050n)))
    const { declaration, faults } = await as().submitDeclaration({ employerId, month: august })
    assert.deepEqual(faults, [])
    assert.equal(declaration?.status, 'PAID')
    await world.settle()
    const august_ = (await received()).filter((one) => one.month === august)
    assert.deepEqual(
      august_.flatMap((one) => one.persons.map(({ personId }) => personId)),
      ['p1', 'p2'],
    )
    const credit = await as().getReceipt({ receiptId: `credit-${employerId}-${august}` })
    const bill = declaration!.employerFen + declaration!.employeeFen
    assert.equal(credit.suspenseFen, 2_496_441n - bill)
    const { lines: fees, explanation } = await as().getLateFee({ employerId, month: august, on: '2025-09-10' })
    assert.ok(fees.every((one) => one.lateFeeFen === 0n) && explanation.includes('jinbao.explanation/1'))
  })

  test('G-07 a correction posts the difference; an officer only, with reason and proof', async () => {
    const request = CorrectDeclarationRequest.create({
      employerId,
      month: july,
      reason: 'AUDIT',
      proof: 'doc-1',
      lines: [wage('p1', 1_000_000n)],
    })
    const employer = as({ roles: ['employer'], employer: employerId })
    await assert.rejects(employer.correctDeclaration(request), { code: 'PERMISSION_DENIED' })
    await assert.rejects(as().correctDeclaration({ ...request, proof: '' }), { reason: 'NO_REASON' })
    const { differences } = await as().correctDeclaration(request)
    assert.equal(differences.find((one) => one.line === Line.PENSION)?.employerFen, 40_640n)
    await as()
      .settleRetroactive({ employerId, month: july })
      .then((done) => assert.deepEqual(done.differences, []))
  })

  test('access: an employer sees its own, not another’s; a citizen neither', async () => {
    const own = as({ roles: ['employer'], employer: employerId })
    assert.equal((await own.getDeclaration({ employerId, month: july })).month, july)
    const other = as({ roles: ['employer'], employer: 'e9' })
    await assert.rejects(other.getDeclaration({ employerId, month: july }), { code: 'PERMISSION_DENIED' })
    await assert.rejects(as({ roles: ['citizen'], person: 'p1' }).getDeclaration({ employerId, month: july }), {
      code: 'PERMISSION_DENIED',
    })
  })

  test('C-13 C-16 a flexible worker chooses, pays for two months, and both count', async () => {
    const her = as({ roles: ['citizen'], person: 'p4' })
    const choice = { personId: 'p4', fromMonth: '2025-09', toMonth: '2025-12', tier: '60', residenceProofId: 'doc-1' }
    const { months } = await her.declareFlexible(DeclareFlexibleRequest.create(choice))
    const each = months[0]!.lines[0]!.employeeFen
    const paid = RecordReceiptRequest.create({ personId: 'p4', amountFen: each * 2n + 5n, receivedOn: '2025-09-10' })
    const { money } = await as().recordReceipt(paid)
    assert.deepEqual([money?.suspenseFen, money?.months.length], [0n, 3])
    await world.settle()
    const counted = (await received()).filter((one) => one.employerId === '')
    assert.deepEqual(
      counted.map((one) => one.month),
      ['2025-09', '2025-10'],
    )
  })

  test('G-07 views made again from the events are the live ones', async () => {
    await world.settle()
    const { views } = world.running.get('collection')!
    const live = views.digests()
    await views.rebuild()
    assert.deepEqual(views.digests(), live)
  })
})
