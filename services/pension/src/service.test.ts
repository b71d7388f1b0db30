// The service on throw-away engines: facts of the register and of collection go in, a pension comes out.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type Explanation, MonthSet, Problem, parseYuan } from '@jinbao/core'
import { loadPolicy } from '@jinbao/policy'
import * as collection from '@jinbao/proto/collection/v1/events.ts'
import { Insured } from '@jinbao/proto/collection/v1/events.ts'
import { Line, Sex } from '@jinbao/proto/common/v1/common.ts'
import * as identity from '@jinbao/proto/identity/v1/events.ts'
import {
  Application,
  MonthRun,
  OpeningRecord,
  RetirementGroup,
  RetirementKind,
} from '@jinbao/proto/pension/v1/events.ts'
import { EstimatePensionRequest, PensionServiceService } from '@jinbao/proto/pension/v1/pension.ts'
import type { RequestOf, ResponseOf, Role } from '@jinbao/rpc'
import { defineService, type EventOf, eventCodec } from '@jinbao/service'
import { type TestWorld, testWorld } from '@jinbao/service/testing.ts'
import { cases } from './domain/testing.ts'
import { pension } from './service.ts'

const facts = {
  PersonRegistered: identity.PersonRegistered,
  DeathRegistered: identity.DeathRegistered,
  DeathRevoked: identity.DeathRevoked,
  PersonsMerged: identity.PersonsMerged,
  ContributionsReceived: collection.ContributionsReceived,
  ContributionsCorrected: collection.ContributionsCorrected,
}
type Fact = EventOf<typeof facts>
const codec = eventCodec(facts)

const silent = (name: string) => defineService({ name, authority: 'HUMAN_RESOURCES', aggregates: [], apis: [] })
let world: TestWorld
let told = 0
/** Another service says something. */
async function tell(source: string, ...events: Fact[]): Promise<void> {
  for (const event of events)
    await world.stores
      .get(source)!
      .append(`${source}-test-${++told}`, 'NO_STREAM', [codec.encode(event, `${source}-${told}`, {})])
  await world.settle()
}
const register = (personId: string, birthMonth: string, sex: Sex): Fact => ({
  type: 'PersonRegistered',
  data: identity.PersonRegistered.create({ personId, birthMonth, sex }),
})
const received = (personId: string, month: string, baseFen: bigint, accountFen: bigint): Fact => ({
  type: 'ContributionsReceived',
  data: collection.ContributionsReceived.create({
    employerId: 'e1',
    month,
    dueOn: `${month}-28`,
    receivedOn: `${month}-20`,
    receiptId: `r-${month}`,
    persons: [
      {
        personId,
        insured: Insured.EMPLOYEE,
        baseFen,
        basis: '',
        lines: [
          { line: Line.MEDICAL, employerFen: 1n, employeeFen: 1n, accountFen: 1n },
          { line: Line.PENSION, employerFen: 2n * accountFen, employeeFen: accountFen, accountFen },
        ],
      },
    ],
  }),
})

type Rpcs = typeof PensionServiceService
type Pension = { readonly [K in keyof Rpcs]: (request: RequestOf<Rpcs[K]>) => Promise<ResponseOf<Rpcs[K]>> }
const as = (subject: string, ...roles: Role[]): Pension =>
  world.as('pension', PensionServiceService, {
    subject,
    roles,
    ...(roles[0] === 'citizen' ? { person: subject } : {}),
  }) as unknown as Pension
const refused = (work: Promise<unknown>, reason: string) =>
  assert.rejects(work, (error) => error instanceof Problem && error.reason === reason)
const explained = (json: string) => JSON.parse(json) as Explanation
const at = (moment: string) => {
  world.now = Temporal.Instant.from(moment)
}
const due = async (day: string, name?: string) => {
  const done = await world.running.get('pension')!.due(day, name)
  await world.settle()
  return done
}

/** EX-7: 372 months at the index 1.1052; the balance of 2025 makes 186,420.37 at retirement in July 2026. */
const retiree = OpeningRecord.create({
  recordId: 'old-1',
  sourceSystem: 'old',
  runs: [MonthRun.create({ months: '1995-08..2026-07', indexTenThousandths: 11_052n })],
  balancesUntil: '2025-12',
  balances: { pre98OwnFen: 0n, pre98EmployerFen: 0n, from98Fen: 18_480_334n, temporaryFen: 0n },
})
const application = Application.create({ group: RetirementGroup.M60, kind: RetirementKind.STATUTORY })

const claimFor = (personId: string) =>
  as('widow', 'citizen').claimSurvivorBenefit({ personId, claimantId: 'widow', funeralElsewhere: false })

describe('pension service', () => {
  before(async () => {
    world = await testWorld(
      [pension, silent('identity'), silent('collection')],
      loadPolicy(),
      '110000',
      '2026-03-02T02:00:00Z',
    )
    await tell(
      'identity',
      register('lhasa', '1990-05', Sex.FEMALE),
      register('man', '1966-03', Sex.MALE),
      register('gone', '1980-01', Sex.MALE),
      register('stranger', '1980-01', Sex.MALE),
      register('twin', '1990-05', Sex.FEMALE),
    )
  })
  after(() => world.close())

  test('EX-9 C-10 collection’s facts credit 84 months; interest falls due; the account is 71,898.06', async () => {
    const { lhasa } = cases<{
      lhasa: { months: { months: string; base: string; account: string }[]; balance: string }
    }>('account.cases.yaml')
    const months = lhasa.months.flatMap(({ months, base, account }) =>
      [...MonthSet.parse(months)].map((month) => received('lhasa', month, parseYuan(base)!, parseYuan(account)!)),
    )
    await tell('collection', ...months)
    at('2026-06-02T02:00:00Z')
    assert.deepEqual(await due('2026-06-02', 'interest'), { interest: { done: 1, refused: 0 } })
    assert.deepEqual(await due('2026-06-03', 'interest'), { interest: { done: 0, refused: 0 } })
    const account = await as('officer-1', 'officer').getAccount({ personId: 'lhasa', asOf: '', knownAt: '' })
    assert.deepEqual([account.balanceFen, account.monthCount, account.status], [parseYuan(lhasa.balance), 84, 'open'])
    assert.equal(account.years.find(({ year }) => year === 2024)?.closingFen, 5_858_154n)
  })

  test('EX-9 as of a day, and as known at a moment, before and after a late correction', async () => {
    const officer = as('officer-1', 'officer')
    const ask = (asOf: string, knownAt = '') => officer.getAccount({ personId: 'lhasa', asOf, knownAt })
    const before = '2026-06-30T00:00:00Z'
    at('2026-07-01T02:00:00Z')
    const person = {
      personId: 'lhasa',
      insured: Insured.EMPLOYEE,
      baseFen: -400_000n,
      basis: '',
      lines: [{ line: Line.PENSION, employerFen: 0n, employeeFen: -32_000n, accountFen: -32_000n }],
    }
    const data = {
      employerId: 'e1',
      month: '2024-03',
      correctedOn: '2026-07-01',
      correctionId: 'c-1',
      reason: 'WRONG_BASE',
      persons: [person],
      withdrawn: false,
    }
    await tell('collection', { type: 'ContributionsCorrected', data })
    assert.equal((await ask('2024-12-31', before)).balanceFen, 5_858_154n)
    assert.equal((await ask('2024-12-31')).balanceFen, 5_858_154n - 32_000n - 698n)
    assert.equal((await ask('2026-02-28', before)).balanceFen, 7_189_806n)
    const now = await ask('2026-02-28')
    assert.ok(now.balanceFen < 7_189_806n)
    assert.deepEqual([now.asOf?.asOf, now.asOf?.knownAt], ['2026-02-28', '2026-07-01T02:00:00.000Z'])
    await refused(ask('', '2020-01-01T00:00:00Z'), 'UNKNOWN_ACCOUNT')
  })

  test('I-1 I-5 interest and credits are explained again, equal to the fen, by the law of their day', async () => {
    const officer = as('officer-1', 'officer')
    const { entries } = await officer.listLedger({ personId: 'lhasa', knownAt: '', pageSize: 1_000, pageToken: '' })
    assert.equal(
      entries.reduce((sum, { amountFen }) => sum + amountFen, 0n),
      (await officer.getAccount({ personId: 'lhasa', asOf: '', knownAt: '' })).balanceFen,
    )
    const amounts = entries.filter(({ type }) => type === 'InterestPosted' || type === 'ContributionCredited')
    assert.equal(amounts.length, 84 + 7 + 2)
    for (const { eventId, amountFen, type } of amounts) {
      const answer = await officer.explainAmount({ eventId, personId: 'lhasa', claimId: '', survivorOf: '' })
      assert.deepEqual([answer.type, answer.kept], [type, false])
      assert.equal(explained(answer.explanation).amounts[0]!.amountFen, String(amountFen))
    }
    await refused(
      officer.explainAmount({ eventId: 'none', personId: 'lhasa', claimId: '', survivorOf: '' }),
      'NO_SUCH_AMOUNT',
    )
  })

  test('PS-06 retirement dates and an estimate: figures with their law, no decision', async () => {
    const citizen = as('man', 'citizen')
    at('2026-07-20T02:00:00Z')
    const dates = await citizen.getRetirementDates({
      personId: 'man',
      birthMonth: '',
      group: RetirementGroup.RETIREMENT_GROUP_UNSPECIFIED,
    })
    assert.deepEqual(
      [dates.statutoryMonth, dates.ageMonths, dates.earliestMonth, dates.latestMonth],
      ['2026-07', 724, '2026-03', '2029-07'],
    )
    const figures = {
      birthMonth: '1966-03',
      group: RetirementGroup.M60,
      actualMonths: '1995-08..2026-07',
      averageIndex: '1.1052',
      balanceFen: 18_642_037n,
    }
    const estimate = await citizen.estimatePension(EstimatePensionRequest.create(figures))
    assert.deepEqual([estimate.award?.totalFen, estimate.shortMonths, estimate.notADecision], [529_538n, 0, true])
    assert.ok(explained(estimate.explanation).steps.some(({ policy }) => policy?.key === 'pension.base'))
    await refused(
      citizen.estimatePension(EstimatePensionRequest.create({ ...figures, averageIndex: 'x' })),
      'BAD_INDEX',
    )
    await refused(citizen.getAccount({ personId: 'lhasa', asOf: '', knownAt: '' }), 'NOT_ALLOWED')
  })

  let claimId = ''
  test('EX-7 P-6 the man retires: applied for, checked, decided, approved by a second, 5,295.38 a month', async () => {
    const first = as('officer-1', 'officer')
    const second = as('officer-2', 'reviewer')
    await first.importOpeningRecord({ personId: 'man', record: retiree })
    const applied = await as('man', 'citizen').applyForPension({ personId: 'man', application })
    claimId = applied.claim!.claimId
    assert.equal(applied.claim?.status, 'applied')
    await refused(as('man', 'citizen').applyForPension({ personId: 'man', application }), 'ANOTHER_CLAIM')
    await first.checkClaim({ claimId })
    const decided = await first.decideClaim({ claimId })
    assert.deepEqual([decided.claim?.award?.totalFen, decided.claim?.award?.balanceFen], [529_538n, 18_642_037n])
    await refused(first.approveClaim({ claimId }), 'SAME_OFFICER')
    const approved = await second.approveClaim({ claimId })
    assert.deepEqual([approved.claim?.status, approved.claim?.firstMonth], ['paying', '2026-08'])
    const account = await first.getAccount({ personId: 'man', asOf: '', knownAt: '' })
    assert.deepEqual([account.status, account.balanceFen], ['retired', 18_642_037n])
    await world.settle()
    const { claims } = await first.listClaims({ personId: '', status: 'paying', dueBy: '', pageSize: 0, pageToken: '' })
    assert.deepEqual(
      claims.map((claim) => [claim.claimId, claim.totalFen]),
      [[claimId, 529_538n]],
    )
  })

  test('P-6 I-3 the monthly run pays once and charges the account; the award keeps its explanation', async () => {
    at('2026-12-10T02:00:00Z')
    assert.deepEqual(await due('2026-12-10', 'payments'), { payments: { done: 1, refused: 0 } })
    assert.deepEqual(await due('2026-12-11', 'payments'), { payments: { done: 0, refused: 0 } })
    const officer = as('officer-1', 'officer')
    const { claim } = await officer.getClaim({ claimId, knownAt: '' })
    assert.deepEqual([claim?.monthsPaid, claim?.nextMonth, claim?.paidFen], [5, '2027-01', 5n * 529_538n])
    const account = await officer.getAccount({ personId: 'man', asOf: '', knownAt: '' })
    assert.equal(account.balanceFen, 18_642_037n - 5n * 136_372n)
    const stored = await world.stores.get('pension')!.read(`pension-claim-${claimId}`)
    const eventId = stored.find(({ type }) => type === 'ClaimDecided')!.id
    const answer = await as('man', 'citizen').explainAmount({ eventId, personId: '', claimId, survivorOf: '' })
    assert.equal(answer.kept, true)
    assert.equal(explained(answer.explanation).amounts.find(({ name }) => name === 'total')?.amountFen, '529538')
  })

  test('EX-11 f D-9 death in December: the pension ends, the heirs’ residue has its interest', async () => {
    at('2026-12-28T02:00:00Z')
    await tell('identity', {
      type: 'DeathRegistered',
      data: {
        personId: 'man',
        diedOn: '2026-12-20',
        sourceSystem: 'test',
        confidence: 'CONFIDENCE_UNSPECIFIED' as const,
      },
    })
    const officer = as('officer-1', 'officer')
    assert.equal((await officer.getClaim({ claimId, knownAt: '' })).claim?.status, 'ended')
    assert.equal((await officer.getAccount({ personId: 'man', asOf: '', knownAt: '' })).balanceFen, 18_074_133n)
  })
  test('D-1 D-2 D-8 D-9 death benefits of somebody not yet retired: claimed, decided, approved, the account goes to the heirs', async () => {
    const officer = as('officer-1', 'officer')
    const runs = [MonthRun.create({ months: '2004-07..2025-09', baseFen: 500_000n, accountFen: 40_000n })]
    const record = { ...retiree, recordId: 'old-2', runs, balancesUntil: '2024-12' }
    await officer.importOpeningRecord({ personId: 'gone', record })
    await refused(claimFor('gone'), 'PERSON_ALIVE')
    await refused(claimFor('stranger'), 'NO_RELATION_HERE')
    const data = {
      personId: 'gone',
      diedOn: '2025-10-05',
      sourceSystem: 'test',
      confidence: 'CONFIDENCE_UNSPECIFIED' as const,
    }
    await tell('identity', { type: 'DeathRegistered', data })
    await claimFor('gone')
    const decided = await officer.decideSurvivorBenefit({ personId: 'gone' })
    // 21 years and 3 months: 15 months of U beside the 2 of the funeral grant.
    assert.equal(decided.survivorsFen * 2n, decided.funeralFen * 15n)
    const { balanceFen } = await officer.getAccount({ personId: 'gone', asOf: '', knownAt: '' })
    assert.equal(decided.inheritanceFen, balanceFen)
    await refused(officer.approveSurvivorBenefit({ personId: 'gone' }), 'SAME_OFFICER')
    assert.equal((await as('officer-2', 'reviewer').approveSurvivorBenefit({ personId: 'gone' })).status, 'awarded')
    assert.equal((await officer.getAccount({ personId: 'gone', asOf: '', knownAt: '' })).balanceFen, 0n)
    assert.equal((await as('widow', 'citizen').getSurvivorClaim({ personId: 'gone' })).status, 'awarded')
  })

  test('P-4 two records of a person merge: money and months go to the one that remains, later facts too', async () => {
    await tell('identity', { type: 'PersonsMerged', data: { survivorId: 'twin', absorbedId: 'lhasa' } })
    await tell('collection', received('lhasa', '2026-03', 1_120_000n, 89_600n))
    const officer = as('officer-1', 'officer')
    const [old, twin] = await Promise.all(
      ['lhasa', 'twin'].map((personId) => officer.getAccount({ personId, asOf: '', knownAt: '' })),
    )
    assert.deepEqual([old?.status, old?.survivorId], ['aliased', 'twin'])
    assert.equal(twin?.monthCount, 85)
    assert.deepEqual(world.running.get('pension')!.notReady(), undefined)
  })

  test('replay equals live: the views rebuilt are the views kept', async () => {
    const { views } = world.running.get('pension')!
    const live = views.digests()
    await views.rebuild()
    assert.deepEqual(views.digests(), live)
  })
})
