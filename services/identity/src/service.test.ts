// The service on throw-away engines, keys in a folder of its own.
import assert from 'node:assert/strict'
import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { after, before, test } from 'node:test'
import { Problem } from '@jinbao/core'
import { loadPolicy } from '@jinbao/policy'
import { CollectionServiceService, Receivable } from '@jinbao/proto/collection/v1/collection.ts'
import { Sex } from '@jinbao/proto/common/v1/common.ts'
import { HireFiled, RelationKind } from '@jinbao/proto/employment/v1/events.ts'
import { CardServiceService, CardStatus } from '@jinbao/proto/identity/v1/card.ts'
import { EmployerServiceService, EmployerStatus } from '@jinbao/proto/identity/v1/employer.ts'
import { Confidence, Kinship, MergeEvidence } from '@jinbao/proto/identity/v1/events.ts'
import { HouseholdServiceService } from '@jinbao/proto/identity/v1/household.ts'
import {
  Contact,
  DeathSource,
  IdentityServiceService,
  MergeServiceService,
  PersonStatus,
  RegisterPersonRequest,
} from '@jinbao/proto/identity/v1/identity.ts'
import type { Principal } from '@jinbao/rpc'
import { type Api, allow, defineService, eventCodec } from '@jinbao/service'
import { type TestWorld, testWorld } from '@jinbao/service/testing.ts'
import { openIdentity } from './service.ts'

let owed = 0n
/** Collection, as far as identity asks it. */
const collection = defineService({
  name: 'collection',
  authority: 'TAX',
  aggregates: [],
  apis: [
    {
      definition: { listReceivables: CollectionServiceService.listReceivables },
      handlers: {
        listReceivables: async () => ({ receivables: [Receivable.create({ openFen: owed })], nextPageToken: '' }),
      },
      access: { listReceivables: allow('officer', 'reviewer') },
    } as Api,
  ],
})
const employment = defineService({ name: 'employment', authority: 'HUMAN_RESOURCES', aggregates: [], apis: [] })

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'jinbao-identity-'))
const { service, vault } = openIdentity(folder, { allowSyntheticIds: true })
let world: TestWorld
before(async () => {
  world = await testWorld([service, employment, collection], loadPolicy(), '110000')
})
after(async () => {
  await world.close()
  vault.close()
  fs.rmSync(folder, { recursive: true, force: true })
})

const officer: Partial<Principal> = { subject: 'officer-1', roles: ['officer'], purpose: 'counter' }
const reviewer: Partial<Principal> = { subject: 'reviewer-1', roles: ['reviewer'], purpose: 'review' }
const supervisor = (n: number): Partial<Principal> => ({
  subject: `supervisor-${n}`,
  roles: ['supervisor'],
  purpose: 'audit',
})
const citizen = (person: string): Partial<Principal> => ({ subject: `citizen-${person}`, roles: ['citizen'], person })
const identity = (by: Partial<Principal> = officer) => world.as('identity', IdentityServiceService, by)
const call = {} as never

const person = (number: string, name: string, more: Partial<RegisterPersonRequest> = {}) =>
  RegisterPersonRequest.create({ number, name, ...more })
const refused = (work: Promise<unknown>, reason: string) =>
  assert.rejects(work, (error) => {
    assert.ok(error instanceof Problem, String(error))
    assert.equal(error.reason, reason)
    return true
  })
async function register(number: string, name: string, more: Partial<RegisterPersonRequest> = {}): Promise<string> {
  const { personId } = await identity().registerPerson(person(number, name, more), call)
  await world.settle()
  return personId
}
/** Everything the service keeps about its facts: what a backup of the events holds. */
async function allStored(): Promise<string> {
  const events = await world.stores.get('identity')!.readAll(undefined, 10_000)
  assert.ok(events.length > 20)
  return events.map((event) => [event.stream, event.data, JSON.stringify(event.meta)].join('\n')).join('\n')
}

const B1 = '110199198801081234'
const B2 = '310199199202292461'
const B3 = '540199197008153576'
const B4 = '650199196511014689'
const B5 = '440399200105205798'
const B6 = '330199199909306808'
const B7 = '65019919900101018X'

test('ID-01 ID-06 ID-07 ID-09 a person is registered once, by whatever writing of her number', async () => {
  const first = await register(B1, '赵一')
  const again = await identity().registerPerson(person('110199880108123', ' 赵一 '), call)
  assert.equal(again.personId, first)
  await refused(identity().registerPerson(person(B1, '钱二'), call), 'NUMBER_TAKEN')
  const shown = await identity().getPersonByNumber(
    { number: '110199880108123', documentKind: 'DOCUMENT_KIND_UNSPECIFIED', full: false },
    call,
  )
  assert.deepEqual(
    [shown.personId, shown.number, shown.name, shown.birthDate, shown.sex],
    [first, '110***********1234', '赵一', '1988-01-08', Sex.MALE],
  )
})

test('ID-09 two writers of one number: one wins', async () => {
  const results = await Promise.allSettled([
    identity().registerPerson(person(B2, '孙三'), call),
    identity().registerPerson(person(B2, '李四'), call),
  ])
  assert.deepEqual(results.map((one) => one.status).sort(), ['fulfilled', 'rejected'])
})

test('ID-01 ID-02 ID-04 a wrong number is refused with every fault, and not repeated', async () => {
  const bad = identity().registerPerson(person('199999209902301230', '周五'), call)
  await assert.rejects(bad, (error) => {
    assert.ok(error instanceof Problem)
    assert.deepEqual(
      error.details.fields?.map((one) => one.reason),
      ['ID_CHECKSUM', 'ID_BIRTHDATE', 'ID_PROVINCE'],
    )
    assert.ok(!JSON.stringify([error.message, error.details]).includes('199999209902301230'))
    return true
  })
})

test('ID-08 a passport needs birth date and sex', async () => {
  const passport = { documentKind: 'PASSPORT' as const }
  await refused(identity().registerPerson(person('E1234567', 'Ann Lee', passport), call), 'BIRTH_DATE_MISSING')
  const more = { ...passport, birthDate: '1990-05-05', sex: Sex.FEMALE }
  assert.ok((await identity().registerPerson(person('E1234567', 'Ann Lee', more), call)).personId)
})

test('ID-10 no read without a purpose; each is recorded and the person sees it', async () => {
  const id = await register(B3, '吴六', {
    contact: Contact.create({ phone: '13900000001', bankAccount: '6200000000000001' }),
  })
  await refused(
    identity({ subject: 'o', roles: ['officer'] }).getPerson({ personId: id, full: false }, call),
    'PURPOSE_MISSING',
  )
  await refused(
    world
      .as('identity', IdentityServiceService, officer, { validateOnly: true })
      .getPerson({ personId: id, full: true }, call),
    'READ_NOT_RECORDED',
  )
  const masked = await identity().getPerson({ personId: id, full: false }, call)
  assert.equal(masked.contact?.bankAccount, '620*********0001')
  const full = await identity(citizen(id)).getPerson({ personId: id, full: true }, call)
  assert.equal(full.contact?.bankAccount, '6200000000000001')
  await refused(identity(citizen('other')).getPerson({ personId: id, full: true }, call), 'NOT_ALLOWED')
  const { reads } = await identity(citizen(id)).listReads({ personId: id, pageSize: 0, pageToken: '' }, call)
  assert.deepEqual(
    reads.map(({ reader, role, purpose, what }) => [reader, role, purpose, what.includes('full-number')]),
    [
      [`citizen-${id}`, 'self', 'SELF', true],
      ['officer-1', 'officer', 'counter', false],
    ],
  )
})

test('ID-10 an employer learns the id only with number and name together', async () => {
  const hr = identity({ subject: 'hr', roles: ['employer'], employer: 'e1', purpose: 'hire' })
  const ask = (name: string) => hr.getPersonId({ number: B3, documentKind: 'RESIDENT_ID', name }, call)
  assert.ok((await ask('吴六')).personId)
  await refused(ask('吴七'), 'PERSON_UNKNOWN')
  await refused(hr.getPersonByNumber({ number: B3, documentKind: 'RESIDENT_ID', full: false }, call), 'NOT_ALLOWED')
})

test('ID-06 O§1.4 a new number keeps the old one working; a birth date needs two', async () => {
  const id = await register(B4, '郑七')
  const change = { personId: id, documentKind: 'RESIDENT_ID' as const, number: B5, on: '2026-06-01', proofId: 'd1' }
  const { warnings } = await identity().changeNumber(change, call)
  assert.deepEqual(warnings, ['BIRTH_DATE_DIFFERS', 'SEX_DIFFERS'])
  for (const number of [B4, B5]) {
    const shown = await identity().getPersonByNumber({ number, documentKind: 'RESIDENT_ID', full: true }, call)
    assert.deepEqual([shown.personId, shown.number, shown.aliases], [id, B5, [{ number: B4, until: '2026-05-31' }]])
  }
  const correction = { personId: id, name: '', birthDate: '2001-05-20', sex: Sex.MALE, proofId: 'd2' }
  assert.equal((await identity().correctPerson(correction, call)).pending, 'CORRECTION')
  await refused(
    identity({ ...reviewer, subject: 'officer-1' }).approveCorrection({ personId: id }, call),
    'SAME_OFFICER',
  )
  await identity(reviewer).approveCorrection({ personId: id }, call)
  await world.settle()
  const found = await identity().listPersonsByNameAndBirth({ name: '郑七', birthDate: '2001-05-20' }, call)
  assert.deepEqual(
    found.persons.map((one) => one.personId),
    [id],
  )
  const before = await identity().listPersonsByNameAndBirth({ name: '郑七', birthDate: '1965-11-01' }, call)
  assert.deepEqual(before.persons, [])
})

test('O§1.6 duplicates are found, merged under four eyes, and every old id goes on working', async () => {
  const contact = Contact.create({ phone: '13900000002' })
  const passport = { documentKind: 'PASSPORT' as const, birthDate: '1999-09-30', sex: Sex.FEMALE, contact }
  const survivor = await register(B6, '王八', { contact })
  const absorbed = await register('E7654321', '王八', passport)
  const { pairs } = await identity().listSuspectedDuplicates({ pageSize: 0, pageToken: '' }, call)
  assert.deepEqual(pairs, [{ personId: absorbed, otherId: survivor, evidence: 'NAME_BIRTH_AND_STRONG_KEY' }])
  assert.equal((await world.running.get('identity')!.due('2026-07-01')).duplicates?.done, 1)
  await world.as('identity', CardServiceService, officer).applyForCard({ personId: absorbed, channel: 'BANK' }, call)

  const merge = (by: Partial<Principal>) => world.as('identity', MergeServiceService, by)
  const evidence = [MergeEvidence.NAME_BIRTH_AND_STRONG_KEY]
  const proposal = { survivorId: survivor, absorbedId: absorbed, evidence, documentIds: [] }
  const mergeId = (await merge(officer).proposeMerge(proposal, call)).merge!.mergeId
  await merge(officer).blockMerge({ mergeId, reference: 'claim-1', kind: 'OPEN_CLAIM' }, call)
  await refused(merge(reviewer).approveMerge({ mergeId }, call), 'MERGE_BLOCKED')
  await merge(officer).clearMergeBlock({ mergeId, reference: 'claim-1' }, call)
  await merge(reviewer).approveMerge({ mergeId }, call)
  await world.settle()

  const shown = await identity().getPerson({ personId: absorbed, full: false }, call)
  assert.deepEqual([shown.personId, shown.mergedIds], [survivor, [absorbed]])
  assert.equal(
    (await identity(citizen(absorbed)).getPerson({ personId: absorbed, full: false }, call)).personId,
    survivor,
  )
  const facts = await identity().getPersonFacts({ personId: absorbed }, call)
  assert.deepEqual([facts.mergedInto, facts.status], [survivor, PersonStatus.MERGED])
  await merge(supervisor(1)).revertMerge({ mergeId, reason: 'TWO_PERSONS' }, call)
  assert.equal((await identity().getPerson({ personId: absorbed, full: false }, call)).personId, absorbed)
  const { cards } = await world.as('identity', CardServiceService, officer).listCards({ personId: absorbed }, call)
  assert.deepEqual(
    cards.map((one) => one.status),
    [CardStatus.CANCELLED],
  )
})

test('O§1.7 O§1.5 death ends the card; revoked by two', async () => {
  const id = await register(B7, '冯九')
  const cards = world.as('identity', CardServiceService, officer)
  await cards.applyForCard({ personId: id, channel: 'AGENCY' }, call)
  const { CONFIRMED } = Confidence
  await identity().reportDeath(
    { personId: id, diedOn: '2026-06-01', source: DeathSource.POLICE, confidence: CONFIRMED, documentId: '' },
    call,
  )
  await world.settle()
  assert.deepEqual(
    (await cards.listCards({ personId: id }, call)).cards.map((one) => one.status),
    [CardStatus.CANCELLED],
  )
  await refused(cards.applyForCard({ personId: id, channel: 'AGENCY' }, call), 'CARD_PERSON')
  await identity().revokeDeath({ personId: id, proofId: 'alive' }, call)
  const back = await identity(reviewer).approveDeathRevocation({ personId: id }, call)
  assert.equal(back.status, PersonStatus.ACTIVE_PERSON)
})

test('O§1.8 O§1.2 an employer lives: registered once, active by a hire, struck off when nothing is owed', async () => {
  const employers = world.as('identity', EmployerServiceService, officer)
  const data = {
    creditCode: ' 91110199ma0t00011b',
    name: '示例公司',
    place: '110000',
    industry: 'C13',
    riskClass: 3,
    contributesFrom: '2026-01-01',
  }
  const { employerId } = await employers.registerEmployer(data, call)
  assert.equal((await employers.registerEmployer(data, call)).employerId, employerId)
  await refused(employers.registerEmployer({ ...data, name: '别家' }, call), 'NUMBER_TAKEN')
  await refused(employers.registerEmployer({ ...data, creditCode: '91110199MA0T00011C' }, call), 'USCC_CHECK')
  const hire = {
    relationId: 'r1',
    personId: 'p',
    employerId,
    from: '2026-02-01',
    kind: RelationKind.OPEN_ENDED,
    main: true,
    wageFen: 1n,
  }
  const codec = eventCodec({ HireFiled })
  await world.stores
    .get('employment')!
    .append('employment-worker-p', 'NO_STREAM', [codec.encode({ type: 'HireFiled', data: hire }, 'h1', {})])
  await world.settle()
  assert.equal(
    (await employers.getEmployerByCode({ creditCode: '91110199MA0T00011B' }, call)).status,
    EmployerStatus.ACTIVE_EMPLOYER,
  )
  await refused(employers.suspendContributions({ employerId, on: '2026-07-01' }, call), 'STILL_EMPLOYS')
  owed = 5n
  await refused(employers.requestDeregistration({ employerId, on: '2026-07-01' }, call), 'ARREARS_OPEN')
  owed = 0n
  const asked = await employers.requestDeregistration({ employerId, on: '2026-07-01' }, call)
  assert.equal(asked.employer?.status, EmployerStatus.CLOSING)
})

test('O§1.4 a household by person', async () => {
  const homes = world.as('identity', HouseholdServiceService, officer)
  const head = (await identity().registerPerson(person(B1, '赵一'), call)).personId
  const child = (await identity().registerPerson(person(B3, '吴六'), call)).personId
  const { household } = await homes.registerHousehold({ headId: head, from: '2020-01-01', division: '110101' }, call)
  const { householdId } = household!
  await homes.addMember(
    { householdId, personId: child, kinship: Kinship.CHILD, dependant: true, from: '2021-01-01' },
    call,
  )
  await world.settle()
  assert.deepEqual((await homes.listHouseholds({ personId: child }, call)).householdIds, [householdId])
  assert.equal((await homes.getHousehold({ householdId, day: '2020-06-01' }, call)).members.length, 1)
})

test('ID-10 nothing stored or named holds a name or number; a forgotten person is unreadable, totals stay', async () => {
  const id = (await identity().registerPerson(person(B1, '赵一'), call)).personId
  const stored = await allStored()
  for (const secret of [B1, B3, B5, '赵一', '吴六', '13900000001', '6200000000000001', 'E1234567'])
    assert.ok(
      !stored.includes(secret) && !stored.includes(Buffer.from(secret).toString('base64').slice(0, -4)),
      'a secret is stored in the open',
    )

  const boss = identity(supervisor(1))
  await boss.forgetPerson({ personId: id, reason: 'RETENTION_OVER' }, call)
  await refused(boss.approveForgetting({ personId: id }, call), 'SAME_OFFICER')
  await identity(supervisor(2)).approveForgetting({ personId: id }, call)
  await world.settle()
  const shown = await identity().getPerson({ personId: id, full: true }, call)
  assert.deepEqual(
    [shown.status, shown.name, shown.number, shown.contact],
    [PersonStatus.FORGOTTEN, 'FORGOTTEN', 'FORGOTTEN', undefined],
  )
  assert.equal(await vault.get(id), undefined)
  const facts = await identity().getPersonFacts({ personId: id }, call)
  assert.deepEqual([facts.birthMonth, facts.sex, facts.alive], ['1988-01', Sex.MALE, true])
  await refused(
    identity().getPersonByNumber({ number: B1, documentKind: 'RESIDENT_ID', full: false }, call),
    'PERSON_UNKNOWN',
  )
  assert.deepEqual(
    (await identity().listPersonsByNameAndBirth({ name: '赵一', birthDate: '1988-01-08' }, call)).persons,
    [],
  )
  await refused(identity().changeContact({ personId: id, contact: undefined }, call), 'FORGOTTEN')
  const back = await identity().registerPerson(person(B1, '赵一'), call)
  assert.notEqual(back.personId, id)
})
