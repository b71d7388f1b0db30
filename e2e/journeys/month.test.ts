// A month from hire to credited account, through the gateway, in two places by the same code.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { verify } from '@jinbao/verify'
import { declare, employer, hire, pay, person } from '../people.ts'
import { openWorld, type World } from '../world.ts'

describe('E1 Shanghai: five lines of three persons', () => {
  let world: World
  let unit: string
  const ids: string[] = []
  before(async () => {
    world = await openWorld({ place: '310000', now: '2025-07-10T10:00:00+08:00' })
    unit = await employer(world)
    for (const name of ['甲', '乙', '丙']) ids.push((await person(world, name, '1990-05-20', 'FEMALE')).personId)
    for (const id of ids) await hire(world, unit, id, '2024-01-01', '800000')
  })
  after(() => world.close())

  test('E1 DC-05 assessed to the fen per person, line and side, and as a unit', async () => {
    const [p1, p2, p3] = ids as [string, string, string]
    const { declaration } = await declare(world, unit, '2025-07', { [p1]: '500000', [p2]: '1800050', [p3]: '6000000' })
    assert.equal(declaration.employerFen, '1610486')
    assert.equal(declaration.employeeFen, '659006')
    const officer = await world.as('officer')
    const { lines } = await officer.see(`/v1/collection/employers/${unit}/declarations/2025-07/lines`)
    const of = (personId: string) =>
      lines.find((line: { wage: { personId: string } }) => line.wage.personId === personId)
    assert.equal(of(p1).baseFen, '746000')
    assert.equal(of(p3).baseFen, '3730200')
    const amounts = of(p2).lines.map((one: { line: string; employerFen: string; employeeFen: string }) => [
      one.line,
      one.employerFen,
      one.employeeFen,
    ])
    assert.deepEqual(amounts, [
      ['PENSION', '288008', '144004'],
      ['MEDICAL', '162005', '36001'],
      ['UNEMPLOYMENT', '9000', '9000'],
      ['INJURY', '2880', '0'],
    ])
  })

  test('E1 the explanation of a line is made again on request and verified by the separate program', async () => {
    const officer = await world.as('officer')
    const { explanation } = await officer.see(
      `/v1/collection/employers/${unit}/declarations/2025-07/lines/${ids[1]}/explanation`,
    )
    const report = verify(JSON.parse(explanation))
    assert.deepEqual(report.findings, [])
    const falsified = JSON.parse(explanation.replace('"1620.05"', '"1620.06"'))
    assert.equal(verify(falsified).ok, false)
  })

  test('C-10 C-11 a part payment credits nobody whose sides are not full; the rest credits all; a surplus waits in suspense', async () => {
    const officer = await world.as('officer')
    world.now = '2025-07-20T10:00:00+08:00'
    await pay(world, unit, 1_000_00n, '2025-07-18', 'SH-1')
    assert.equal((await officer.get(`/v1/pension/accounts/${ids[0]}`)).status, 404)
    const { receipt } = await pay(world, unit, 2_269_492n - 1_000_00n + 5n, '2025-07-20', 'SH-2')
    assert.equal((await officer.see(`/v1/collection/receipts/${receipt.id}`)).suspenseFen, '5')
    const balances = await Promise.all(
      ids.map(async (id) => (await officer.see(`/v1/pension/accounts/${id}`)).balanceFen),
    )
    assert.deepEqual(balances, ['59680', '144004', '298416'])
    // MED-04: of the medical line, the employee's own 2 % stands on her medical account.
    const own = await Promise.all(ids.map(async (id) => (await officer.see(`/v1/medical/accounts/${id}`)).balanceFen))
    assert.deepEqual(own, ['14920', '36001', '74604'])
  })

  test('C-10 money that an account cannot take is held, listed and settled by an officer: it stands nowhere else', async () => {
    const officer = await world.as('officer')
    const gone = (await person(world, '丁', '1980-01-02', 'FEMALE')).personId
    await hire(world, unit, gone, '2024-01-01', '800000')
    await declare(world, unit, '2025-06', { [gone]: '800000' })
    await officer.do(`/v1/identity/persons/${gone}:reportDeath`, {
      diedOn: '2025-05-10',
      source: 'POLICE',
      confidence: 'CONFIRMED',
      documentId: 'd1',
    })
    await world.settle()
    await pay(world, unit, 10_000_00n, '2025-07-20', 'SH-3')
    const { contributions, openFen } = await officer.see(`/v1/pension/heldContributions?personId=${gone}`)
    const [one] = contributions
    assert.deepEqual(
      [one.held.reason, one.held.month, one.held.accountFen, openFen],
      ['MONTH_AFTER_DEATH', '2025-06', '64000', '64000'],
    )
    const settle = `/v1/pension/heldContributions/${one.held.heldId}:settle`
    assert.equal((await officer.post(settle, { outcome: 'REFUNDED' })).body.reason, 'HELD_OUTCOME_MISSING')
    await officer.do(settle, { outcome: 'REFUNDED', proof: 'voucher-1' })
    await world.settle()
    assert.deepEqual((await officer.see('/v1/pension/heldContributions')).contributions, [])
  })

  test('C-8 DC-06 the employee sees what was withheld from her, month by month; nobody else’s', async () => {
    const herself = await world.as('citizen', { subject: 'c1', person: ids[0] ?? '' })
    const where = `/v1/collection/employers/${unit}/declarations/2025-07/lines`
    const { explanation } = await herself.see(`${where}/${ids[0]}/explanation`)
    assert.ok(explanation.includes('596.8'))
    assert.equal((await herself.get(`${where}/${ids[1]}/explanation`)).status, 403)
  })

  test('G-08 every service names the authority that owns its business; collection is the tax side’s', () => {
    const owners = Object.fromEntries([...world.region.services].map(({ name, authority }) => [name, authority]))
    assert.deepEqual(owners, {
      identity: 'HUMAN_RESOURCES',
      employment: 'HUMAN_RESOURCES',
      collection: 'TAX',
      pension: 'HUMAN_RESOURCES',
      medical: 'HEALTHCARE_SECURITY',
    })
  })

  test('G-04 a changed policy value finds exactly the facts that asked for it, also where it did not bind', async () => {
    const operator = await world.as('operator')
    const touched = (query: string) => operator.see(`/v1/operations/collection/touched?${query}`)
    const { touched: floor, after } = await touched('key=contribution.base.floor&from=2025-07-01&to=2025-07-31')
    assert.ok(floor.some((one: { eventType: string }) => one.eventType === 'LinesAssessed'))
    assert.equal(after, '')
    // Another month, a place that is not above this one, a key nobody asked for.
    for (const query of [
      'key=contribution.base.floor&from=2026-07-01',
      'key=contribution.base.floor&place=110000&from=2025-07-01',
      'key=survivor.incomeBase&from=2025-01-01',
    ])
      assert.deepEqual((await touched(query)).touched, [], query)
  })

  test('replay equals live: every view of every service, thrown away and built again, has the same digest', async () => {
    const operator = await world.as('operator')
    for (const { name: service } of world.region.services) {
      const { before: live, after: rebuilt } = await operator.do(`/v1/operations/${service}/views:rebuild`)
      assert.deepEqual(rebuilt, live, service)
      assert.ok(Object.keys(live).length > 0)
    }
  })

  test('one trace id leads from the command to what other services made of it', async () => {
    const { headers } = await (await world.as('officer')).get('/healthz')
    assert.ok(headers)
    const operator = await world.as('operator')
    const { events } = await operator.see('/v1/operations/pension/feed?pageSize=1000')
    const credited = events.find((event: { type: string }) => event.type === 'ContributionCredited')
    const collected = (await operator.see('/v1/operations/collection/feed?pageSize=1000')).events
    const cause = collected.find((event: { id: string }) => event.id === credited.meta.causation)
    assert.equal(cause.type, 'ContributionsReceived')
    assert.equal(credited.meta.correlation, cause.meta.correlation)
  })
})

describe('EX-1 Beijing: the pension line of five wages', () => {
  let world: World
  before(async () => {
    world = await openWorld({ place: '110000', now: '2025-07-10T10:00:00+08:00' })
  })
  after(() => world.close())

  test('EX-1 C-5 rounded to yuan, then clamped; 16 % and 8 %, each rounded', async () => {
    const unit = await employer(world)
    const cases: [string, string, string, string][] = [
      ['500000', '716200', '114592', '57296'],
      ['1234549', '1234500', '197520', '98760'],
      ['1234550', '1234600', '197536', '98768'],
      ['1234567', '1234600', '197536', '98768'],
      ['4500000', '3581100', '572976', '286488'],
    ]
    const wages: Record<string, string> = {}
    for (const [wage] of cases) {
      const { personId } = await person(world, '测试', '1988-01-08', 'MALE')
      await hire(world, unit, personId, '2024-01-01', wage)
      wages[personId] = wage
    }
    const { declaration } = await declare(world, unit, '2025-07', wages)
    const { lines } = await (await world.as('officer')).see(
      `/v1/collection/employers/${unit}/declarations/2025-07/lines`,
    )
    for (const [wageFen, baseFen, employerFen, employeeFen] of cases) {
      const line = lines.find((one: { wage: { wageFen: string } }) => one.wage.wageFen === wageFen)
      assert.equal(line.baseFen, baseFen)
      const { line: name, ...amounts } = line.lines[0]
      assert.deepEqual({ name, ...amounts }, { name: 'PENSION', employerFen, employeeFen, accountFen: employeeFen })
    }
    assert.equal(declaration.persons, 5)
  })

  test('EX-3 S-01 C-19 three months paid late: 291.84 late fee on the pension line, borne by the employer, to the fund', async () => {
    world = await reopened(world, '2025-02-10T10:00:00+08:00')
    const unit = await employer(world)
    const { personId } = await person(world, '赵永平', '1990-02-28', 'MALE')
    await hire(world, unit, personId, '2024-01-01', '800000')
    for (const month of ['2025-02', '2025-03', '2025-04']) {
      world.now = `${month}-10T10:00:00+08:00`
      await declare(world, unit, month, { [personId]: '800000' })
    }
    world.now = '2025-07-10T10:00:00+08:00'
    const officer = await world.as('officer')
    let fee = 0n
    for (const month of ['2025-02', '2025-03', '2025-04']) {
      const late = await officer.see(`/v1/collection/employers/${unit}/declarations/${month}/lateFee?on=2025-07-10`)
      fee += BigInt(late.lines.find((one: { line: string }) => one.line === 'PENSION').lateFeeFen)
    }
    assert.equal(fee, 29184n)
  })
})

async function reopened(world: World, now: string): Promise<World> {
  await world.close()
  return openWorld({ place: '110000', now })
}
