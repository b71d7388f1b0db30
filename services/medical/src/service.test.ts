// Contributions go in; bills are settled, cleared, taken back, explained.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Explanation } from '@jinbao/core'
import { shippedPolicy } from '@jinbao/policy'
import * as identity from '@jinbao/proto/identity/v1/events.ts'
import { ClaimStatus, Kinship, MonthSource, OffRegionGround, Treatment } from '@jinbao/proto/medical/v1/events.ts'
import type { Bill } from '@jinbao/proto/medical/v1/medical.ts'
import { verify } from '@jinbao/verify'
import { fen } from './domain/testing.ts'
import { as, bill, desk, items, officer, openWorld, refused, tell, world } from './service.example.ts'

describe('medical service', () => {
  before(openWorld)
  after(() => world.close())

  test('MED-04 MED-10 contributions fill the account and open the cover', async () => {
    const account = await as('ann', 'citizen').getAccount({ personId: 'ann' })
    assert.deepEqual([account.balanceFen, account.months], [fen('2400'), '2025-06..2026-05'])
    const cover = await as('ann', 'citizen').getCover({ personId: 'ann', on: '2026-05-01' })
    assert.deepEqual([cover.covered, cover.months], [true, '2025-06..2026-05'])
    assert.equal((await officer().getCover({ personId: 'ann', on: '2026-06-01' })).reason, 'MONTH_NOT_PAID')
    await refused(as('bo', 'citizen').getAccount({ personId: 'ann' }), 'NOT_ALLOWED')
  })

  test('O§3.7 a quote records nothing; the desk’s three steps come to the same, explained and verified', async () => {
    const asked = bill('ann', 'b1', '2026-05-03', '2026-05-09')
    const quoted = await desk().getQuote({ bill: asked, payerId: '' })
    const [part] = quoted.parts
    // T 14,350; C 1,500; L 404; B 832 + 319.20; E 11,294.80; (E - 1,300) x 85 %.
    assert.deepEqual(
      [part?.settlement?.eligibleFen, part?.settlement?.poolFen, quoted.payments[0]?.accountFen],
      [fen('11294.80'), fen('8495.58'), fen('2400')],
    )
    assert.deepEqual((await officer().getYear({ personId: 'ann', year: 2026 })).claims, [])
    const { claimId, year } = await desk().receiveClaim({ bill: asked, manual: false })
    const named = { personId: 'ann', year, claimId }
    await desk().adjudicateClaim(named)
    const settled = await desk().confirmClaim({ ...named, payerId: '', cashOnly: false })
    assert.deepEqual(settled.claim?.settlement, part?.settlement)
    assert.deepEqual([settled.claim?.accountFen, settled.claim?.cashFen], [fen('2400'), fen('3454.42')])
    assert.equal((await officer().getAccount({ personId: 'ann' })).balanceFen, 0n)
    const { explanation } = await as('ann', 'citizen').explainClaim(named)
    const document = JSON.parse(explanation) as Explanation
    assert.equal(document.amounts.find(({ name }) => name === 'pool')?.amountFen, String(fen('8495.58')))
    assert.deepEqual(verify(document, { policyFolder: shippedPolicy }).findings, [])
  })

  test('O§3.6 bulk: each row has its own answer; sent again it changes nothing', async () => {
    const good = bill('bo', 'b2', '2026-05-03', '2026-05-05')
    const bad = (billNumber: string, change: Partial<Bill>) =>
      bill('bo', billNumber, '2026-05-10', '2026-05-12', change)
    const [first, ...rest] = items('2026-05-10')
    const bills = [
      good,
      bad('b3', { items: [{ ...first!, on: '2026-05-09' }] }),
      bad('b4', { items: [{ ...first!, code: 'NOPE' }] }),
      bad('b5', { items: [{ ...first!, quantity: '-1' }] }),
      bad('b6', { items: [first!, ...rest, first!] }),
      bad('b7', { from: '2026-05-04', to: '2026-05-06', items: items('2026-05-05') }),
      bad('b8', { institutionId: 'nobody' }),
      bad('b9', { items: [] }),
      bad('b10', { institutionId: 'far' }),
      bill('eve', 'b11', '2026-05-10'),
    ]
    const report = await desk().settleBills({ bills })
    assert.deepEqual(
      report.rows.map(({ reason }) => reason),
      [
        '',
        'ITEM_OUTSIDE_STAY',
        'ITEM_UNKNOWN',
        'BAD_QUANTITY',
        'LINE_TWICE',
        'STAYS_OVERLAP',
        'INSTITUTION_UNKNOWN',
        'BILL_EMPTY',
        'OFF_REGION_NOT_REGISTERED',
        'NEVER_INSURED',
      ],
    )
    assert.equal(report.rows[1]?.field, 'bill.items[0].on')
    assert.ok(report.rows.every(({ accepted, text, textZh }) => accepted || (text && textZh)))
    assert.equal(report.rows[9]?.status, ClaimStatus.REFUSED)
    assert.equal(report.accepted, 2)
    await world.settle()
    const again = await desk().settleBills({ bills: [good] })
    assert.deepEqual(again.rows[0], report.rows[0])
    assert.equal((await officer().getYear({ personId: 'bo', year: 2026 })).accumulators?.admissions, 1)
    // The same number for another patient.
    await refused(desk().receiveClaim({ bill: { ...good, personId: 'cy' }, manual: false }), 'BILL_ALREADY_CLAIMED')
    await refused(desk().settleBills({ bills: Array(201).fill(good) as Bill[] }), 'TOO_MANY_BILLS')
  })

  test('MED-24 MED-23 the catalogue of the service day and of the place of treatment', async () => {
    const of = async (place: string, on: string, search: string) =>
      (await as('ann', 'citizen').listCatalogue({ place, on, search, pageSize: 10, pageToken: '' })).items[0]
    assert.equal((await of('110105', '2025-12-31', 'XL01EB02'))?.firstPay, '20%')
    assert.equal((await of('110105', '2026-01-01', 'XL01EB02'))?.firstPay, '10%')
    assert.deepEqual(
      [
        (await of('110105', '2026-01-01', 'F2102001'))?.ceilingFen,
        (await of('310101', '2026-01-01', 'F2102001'))?.ceilingFen,
      ],
      [fen('580'), fen('540')],
    )
  })

  test('O§3.5 papers without registration get the lower ratio, within 30 working days; a registered referral settles at the desk', async () => {
    const far = bill('cy', 'b20', '2026-05-03', '2026-05-03', { institutionId: 'far' })
    const { claim, claimId, year } = await as('cy', 'citizen').receiveClaim({ bill: far, manual: true })
    assert.equal(claim?.received?.dueOn, '2026-07-15')
    const named = { personId: 'cy', year, claimId }
    const priced = await officer().adjudicateClaim(named)
    const { eligibleFen = 0n, poolFen } = priced.claim?.settlement ?? {}
    assert.equal(poolFen, ((eligibleFen - fen('1300')) * 65n + 50n) / 100n)
    await world.settle()
    await world.running.get('medical')!.due('2026-07-16', 'deadlines')
    const { registration } = await as('dee', 'citizen').applyOffRegion({
      personId: 'dee',
      ground: OffRegionGround.REFERRAL,
      places: ['310000'],
      from: '2026-04-01',
      to: '',
      documentId: 'ref-1',
    })
    await officer().activateOffRegion({ personId: 'dee', registrationId: registration!.registrationId })
    const report = await desk().settleBills({
      bills: [bill('dee', 'b21', '2026-05-03', '2026-05-03', { institutionId: 'far' })],
    })
    const row = report.rows[0]?.settlement
    assert.equal(row?.poolFen, ((row!.eligibleFen - fen('1300')) * 75n + 50n) / 100n)
  })

  test('MED-05 a relative’s account pays; O§3.6 a reversal gives everything back', async () => {
    await as('cy', 'citizen').authoriseRelative({ personId: 'cy', relativeId: 'dee', kinship: Kinship.PARENT })
    const had = (await officer().getAccount({ personId: 'cy' })).balanceFen
    const visit = bill('dee', 'b30', '2026-05-20', '2026-05-20', {
      treatment: Treatment.OUTPATIENT,
      items: [{ line: 1, code: 'F4100001', on: '2026-05-20', quantity: '3', amountFen: fen('100') }],
    })
    const { claimId, year } = await desk().receiveClaim({ bill: visit, manual: false })
    const named = { personId: 'dee', year, claimId }
    await desk().adjudicateClaim(named)
    await refused(desk().confirmClaim({ ...named, payerId: 'bo', cashOnly: false }), 'NOT_A_RELATIVE')
    const { claim } = await desk().confirmClaim({ ...named, payerId: 'cy', cashOnly: false })
    const left = (await officer().getAccount({ personId: 'cy' })).balanceFen
    assert.equal(had - left, claim?.accountFen)
    assert.equal(claim?.accountFen, fen('100'))
    await world.settle()
    await refused(desk().returnUse({ personId: 'cy', useId: claimId }), 'USE_UNKNOWN')
    const back = await officer().reverseClaim({ ...named, reason: 'wrong patient' })
    assert.equal(back.claim?.status, ClaimStatus.REVERSED)
    assert.equal((await officer().getAccount({ personId: 'cy' })).balanceFen, had)
    const again = await desk().settleBills({ bills: [visit] })
    assert.equal(again.rows[0]?.status, ClaimStatus.REVERSED)
    assert.equal((await officer().getAccount({ personId: 'cy' })).balanceFen, had)
    assert.equal(
      (await as('boss', 'supervisor').resettleYear({ personId: 'dee', year: 2026, changeId: 'k1' })).changed,
      0,
    )
  })

  test('O§3.6 the month is cleared with the hospital, then paid; a cut lowers it', async () => {
    await world.settle()
    const { claims } = await officer().listClaims({ personId: '', institutionId: 'h1', pageSize: 100, pageToken: '' })
    const settled = claims.filter(({ status }) => status === ClaimStatus.SETTLED)
    const [one] = settled
    const named = { personId: one!.personId, year: one!.year, claimId: one!.claimId }
    await as('auditor', 'reviewer').cutClaim({
      ...named,
      cutId: 'a1',
      cuts: [{ line: 1, cutFen: fen('100'), reason: 'not given' }],
    })
    await world.settle()
    await refused(officer().closeClearing({ institutionId: 'h1', month: '2026-06' }), 'MONTH_NOT_OVER')
    world.now = Temporal.Instant.from('2026-07-01T02:00:00Z')
    const { clearing, remaining } = await officer().closeClearing({ institutionId: 'h1', month: '2026-06' })
    const owed = settled.reduce((sum, { fundFen }) => sum + fundFen, 0n) - fen('100')
    assert.deepEqual([clearing?.totalFen, remaining, clearing?.offRegion], [owed, 0, false])
    await world.settle()
    assert.equal((await officer().getClaim(named)).claim?.status, ClaimStatus.CLEARED)
    await officer().recordClearingPayment({ clearingId: clearing!.clearingId, paymentId: 'p1' })
    await world.settle()
    assert.equal((await officer().getClaim(named)).claim?.status, ClaimStatus.PAID)
    assert.equal((await officer().closeClearing({ institutionId: 'h1', month: '2026-06' })).clearing, undefined)
    await world.running.get('medical')!.due('2026-07-01', 'clearing')
    await world.settle()
    const far = await officer().getClearing({ clearingId: 'far.2026-06.1' })
    assert.equal(far.clearing?.offRegion, true)
  })

  test('O§1.7 a bill after death is refused, one before it settles; O§1.6 two records of a person become one year', async () => {
    await tell('identity', {
      type: 'DeathRegistered',
      data: identity.DeathRegistered.create({ personId: 'dee', diedOn: '2026-05-25' }),
    })
    const visit = (day: string, number: string) =>
      bill('dee', number, day, day, { treatment: Treatment.OUTPATIENT, items: items(day).slice(3) })
    const report = await desk().settleBills({ bills: [visit('2026-05-26', 'b40'), visit('2026-05-25', 'b41')] })
    assert.deepEqual(
      report.rows.map(({ reason, accepted }) => [reason, accepted]),
      [
        ['CLAIM_AFTER_DEATH', false],
        ['', true],
      ],
    )
    await officer().creditMonth({
      personId: 'twin',
      month: '2026-05',
      source: MonthSource.UNEMPLOYMENT_FUND,
      baseFen: fen('6821'),
      accountFen: 0n,
      receivedOn: '2026-05-10',
      receiptId: 'ui-1',
    })
    await desk().settleBills({ bills: [bill('twin', 'b50', '2026-05-30')] })
    await world.settle()
    await tell('identity', {
      type: 'PersonsMerged',
      data: identity.PersonsMerged.create({ survivorId: 'bo', absorbedId: 'twin' }),
    })
    await world.settle()
    const year = await officer().getYear({ personId: 'bo', year: 2026 })
    assert.equal(year.accumulators?.admissions, 2)
    assert.equal(year.claims[1]?.settlement?.deductibleFen, fen('650'))
    assert.equal((await officer().getAccount({ personId: 'twin' })).survivorId, 'bo')
  })
})
