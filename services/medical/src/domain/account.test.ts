import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Calc, type World } from '@jinbao/core'
import { story } from '@jinbao/core/story.ts'
import { Sex } from '@jinbao/proto/common/v1/common.ts'
import { Kinship, MonthSource, OffRegion, OffRegionGround } from '@jinbao/proto/medical/v1/events.ts'
import { type AccountCommand, type AccountEvent, accountDecider, countedMonths, type OpenAccount } from './account.ts'
import { creditOf } from './account-money.ts'
import { groupOn } from './off-region.ts'
import { fen, law } from './testing.ts'

const world: World = {
  now: '2026-11-02T02:00:00Z',
  today: '2026-11-02',
  place: '110000',
  policyOn: law('110000'),
  by: { subject: 'officer-1', roles: ['officer'] },
}
const history = story(accountDecider, world)
const personId = 'p1'

const credit = (
  month: string,
  change: Partial<Extract<AccountCommand, { type: 'CreditMonth' }>> = {},
): AccountCommand => ({
  type: 'CreditMonth',
  personId,
  birthMonth: '1980-06',
  month,
  source: MonthSource.EMPLOYEE,
  baseFen: fen('10000'),
  accountFen: fen('200'),
  receivedOn: `${month}-20`,
  receiptId: `r-${month}`,
  ...change,
})
const after = (...commands: AccountCommand[]): AccountEvent[] => {
  let state = accountDecider.initial
  const events: AccountEvent[] = []
  for (const command of commands) {
    const made = accountDecider.decide(state, command, world)
    events.push(...made)
    state = made.reduce(accountDecider.evolve, state)
  }
  return events
}
const told = (...commands: AccountCommand[]) => history(...after(...commands))
const balance = (...commands: AccountCommand[]) => (told(...commands).state() as OpenAccount).balanceFen
const creditFen = (month: string, change = {}, policyOn = world.policyOn) => {
  const value = creditOf(Calc.plain(), policyOn, credit(month, change) as never)
  return (value.n * 100n) / value.d
}

describe('O§3.1 the account', () => {
  test('MED-01 MED-04 an employed person is credited her own 2 % only since the reform', () => {
    assert.equal(creditFen('2026-10'), fen('200'))
    told(credit('2026-10')).when(credit('2026-10')).thenNothing()
    told(credit('2026-10'))
      .when(credit('2026-10', { receiptId: 'other' }))
      .thenRefused('MONTH_ALREADY_CREDITED')
  })
  test('MED-03 before the reform a part of the employer’s money came on top, by age', () => {
    assert.equal(creditFen('2020-05', { birthMonth: '1980-06' }), fen('300'))
    assert.equal(creditFen('2020-06', { birthMonth: '1975-06' }), fen('400'))
    assert.equal(creditFen('2020-05', { birthMonth: '1990-06' }), fen('280'))
  })
  test('MED-07 flexible workers have an account where the region says so', () => {
    assert.equal(creditFen('2026-10', { source: MonthSource.FLEXIBLE }), 0n)
    assert.equal(creditFen('2026-10', { source: MonthSource.FLEXIBLE }, law('310000')), fen('200'))
  })
  test('MED-15 MED-16 months paid by the unemployment fund or on a disability allowance count as paid', () => {
    const paid = told(
      credit('2026-01', { source: MonthSource.UNEMPLOYMENT_FUND, accountFen: 0n }),
      credit('2026-02', { source: MonthSource.DISABILITY_ALLOWANCE }),
    )
    assert.equal(countedMonths(paid.state() as OpenAccount), 2)
    history()
      .when(credit('2026-01', { source: MonthSource.MONTH_SOURCE_UNSPECIFIED }))
      .thenRefused('SOURCE_MISSING')
  })
  test('MED-17 one scheme and one region a month', () => {
    const other = (months: string, documentId = 'd1'): AccountCommand => ({
      type: 'RecordOtherCover',
      personId,
      data: { personId, scheme: 'RESIDENT', months, documentId },
    })
    told(other('2026-01..2026-03')).when(credit('2026-02')).thenRefused('MONTH_COVERED_ELSEWHERE')
    told(credit('2026-02')).when(other('2026-01..2026-03')).thenRefused('MONTH_COVERED_ELSEWHERE')
    told(other('2026-01')).when(other('2026-04')).thenRefused('CERTIFICATE_USED')
    told(other('2026-01')).when(other('2026-01')).thenNothing()
    history().when(other('nonsense')).thenRefused('BAD_MONTH')
  })
  test('MED-06 interest on what stood at the end of each month; once a year', () => {
    const [posted] = told(credit('2025-07'))
      .when({ type: 'PostInterest', personId, year: 2025 })
      .thenTypes('InterestPosted')
    // 200 × 6 months ÷ 12 × 0.35 % = 0.35
    assert.equal(posted?.type === 'InterestPosted' && posted.data.interestFen, 35n)
    told(credit('2025-07')).and(posted!).when({ type: 'PostInterest', personId, year: 2025 }).thenNothing()
    told(credit('2025-07')).when({ type: 'PostInterest', personId, year: 2026 }).thenRefused('YEAR_NOT_OVER')
  })
  test('MED-05 the account pays for those it is opened to, up to its balance, and gets back what is returned', () => {
    const use = (amount: string, forPersonId = personId): AccountCommand => ({
      type: 'Use',
      personId,
      useId: 'u1',
      forPersonId,
      institutionId: 'h1',
      amountFen: fen(amount),
    })
    const open: AccountCommand = { type: 'AuthoriseRelative', personId, relativeId: 'mother', kinship: Kinship.PARENT }
    told(credit('2026-10')).when(use('200.01')).thenRefused('BALANCE_TOO_LOW')
    told(credit('2026-10')).when(use('50', 'mother')).thenRefused('NOT_A_RELATIVE')
    assert.equal(balance(credit('2026-10'), open, use('50', 'mother')), fen('150'))
    told(credit('2026-10'), use('50')).when(use('50')).thenNothing()
    told(credit('2026-10'), use('50')).when(use('60')).thenRefused('USE_EXISTS')
    assert.equal(balance(credit('2026-10'), use('50'), { type: 'ReturnUse', personId, useId: 'u1' }), fen('200'))
    const cousin: AccountCommand = { ...open, kinship: Kinship.OTHER_NEAR_RELATIVE }
    history().when(cousin, { today: '2023-05-01' }).thenRefused('KINSHIP_TOO_WIDE')
    history().when(cousin).thenTypes('RelativeAuthorised')
  })
  test('MED-06 the balance of a dead holder goes to the heirs, once', () => {
    const inherit: AccountCommand = { type: 'Inherit', personId }
    const died: AccountCommand = { type: 'RegisterDeath', personId, diedOn: '2026-10-25' }
    told(credit('2026-10')).when(inherit).thenRefused('NOT_DEAD')
    told(credit('2026-10'), died).when(inherit).thenTypes('AccountInherited')
    told(credit('2026-10'), died, inherit).when(inherit).thenNothing()
    told(credit('2026-10'), died).when(credit('2026-11')).thenRefused('MONTH_AFTER_DEATH')
    history().when(died).thenNothing()
    told(credit('2026-10'), died).when({ type: 'RevokeDeath', personId }).thenTypes('HolderDeathRevoked')
  })
  test('O§1.6 merged: balances are added, a month present twice counts and pays once', () => {
    const [gone] = told(credit('2026-09'), credit('2026-10'))
      .when({ type: 'AliasTo', personId, survivorId: 'p2' })
      .thenTypes('AccountAliased')
    assert.ok(gone?.type === 'AccountAliased' && gone.data.carried)
    const take: AccountCommand = { type: 'TakeOver', personId: 'p2', absorbedId: personId, carried: gone.data.carried }
    const state = told({ ...credit('2026-10'), personId: 'p2' }, take).state() as OpenAccount
    assert.deepEqual([state.balanceFen, [...state.months.keys()].sort()], [fen('400'), ['2026-09', '2026-10']])
    told({ ...credit('2026-10'), personId: 'p2' }, take)
      .when(take)
      .thenNothing()
  })
  test('C-12 a correction comes as a difference, a withdrawn month no longer counts', () => {
    const adjust = {
      type: 'AdjustMonth' as const,
      personId,
      month: '2026-10',
      baseFen: 100n,
      accountFen: 2n,
      withdrawn: false,
      correctionId: 'k1',
      correctedOn: '2026-11-01',
    }
    assert.equal(balance(credit('2026-10'), adjust), fen('200.02'))
    told(credit('2026-10'), adjust).when(adjust).thenNothing()
    assert.equal(balance(credit('2026-10'), { ...adjust, withdrawn: true }), 0n)
    history().when(adjust).thenRefused('MONTH_NOT_CREDITED')
  })
})

describe('O§3.2 retirement', () => {
  const years = (count: number) => {
    const months = Array.from({ length: count * 12 }, (_, i) => i)
    return months.map((i) =>
      credit(`${2000 + Math.floor(i / 12)}-${String((i % 12) + 1).padStart(2, '0')}`, { accountFen: 0n, baseFen: 0n }),
    )
  }
  const retire = (sex: Sex): AccountCommand => ({ type: 'RecordRetirement', personId, sex, month: '2026-06' })
  test('MED-14 a woman in Beijing needs 20 years, a man 25; MED-02 then nobody pays', () => {
    const [woman] = told(...years(20))
      .when(retire(Sex.FEMALE))
      .thenTypes('RetirementRecorded')
    assert.equal(woman?.type === 'RetirementRecorded' && woman.data.lifetime, true)
    told(...years(20), retire(Sex.FEMALE))
      .when(credit('2026-07'))
      .thenRefused('RETIREE_DOES_NOT_PAY')
    const [man] = told(...years(20))
      .when(retire(Sex.MALE))
      .thenTypes('RetirementRecorded')
    assert.deepEqual(man?.type === 'RetirementRecorded' && [man.data.lifetime, man.data.requiredMonths], [false, 300])
  })
  test('MED-14 the missing months are paid as a lump sum or month by month', () => {
    const pay = (months: number): AccountCommand => ({ type: 'PayShortfall', personId, months, receiptId: 's1' })
    told(...years(20), retire(Sex.MALE))
      .when(pay(61))
      .thenRefused('SHORTFALL_TOO_LARGE')
    told(...years(20), retire(Sex.MALE))
      .when(pay(60))
      .thenTypes('ShortfallPaid', 'LifetimeCoverGranted')
    told(...years(20), retire(Sex.MALE), pay(59))
      .when(credit('2026-07'))
      .thenTypes('MonthCredited', 'LifetimeCoverGranted')
    told(...years(20))
      .when(pay(1))
      .thenRefused('NOT_RETIRED')
  })
  test('MED-04 a retiree gets a fixed amount a month, by age, once', () => {
    const monthly = (month: string): AccountCommand => ({
      type: 'CreditRetiree',
      personId,
      birthMonth: '1956-08',
      month,
    })
    const amount = (month: string) => {
      const [event] = told(...years(20), retire(Sex.FEMALE))
        .when(monthly(month))
        .thenTypes('RetireeCredited')
      return event?.type === 'RetireeCredited' && event.data.amountFen
    }
    assert.deepEqual([amount('2026-07'), amount('2026-08')], [fen('100'), fen('110')])
    told(...years(20), retire(Sex.FEMALE), monthly('2026-07'))
      .when(monthly('2026-07'))
      .thenNothing()
    told(...years(20), retire(Sex.FEMALE))
      .when(monthly('2026-06'))
      .thenNothing()
  })
})

describe('O§3.5 treatment elsewhere', () => {
  const data = {
    personId,
    registrationId: 'o1',
    ground: OffRegionGround.REFERRAL,
    places: ['310000'],
    from: '2026-03-01',
    to: '',
    documentId: 'd1',
  }
  const apply = (change: Partial<typeof data> = {}): AccountCommand => ({
    type: 'ApplyOffRegion',
    personId,
    data: { ...data, ...change } as never,
  })
  const on = (type: 'ActivateOffRegion' | 'CancelOffRegion' | 'ExpireOffRegion'): AccountCommand => ({
    type,
    personId,
    registrationId: 'o1',
  })
  const group = (day: string, emergency: boolean, ...commands: AccountCommand[]) =>
    groupOn((told(...commands).state() as OpenAccount).registrations, '310115', day, emergency)

  test('O§3.5 a referral is valid for six months at least and waits for the officer', () => {
    history().when(apply()).thenTypes('OffRegionApplied')
    history()
      .when(apply({ to: '2026-08-31' }))
      .thenRefused('REFERRAL_TOO_SHORT')
    assert.equal(group('2026-08-31', false, apply()), undefined)
    assert.equal(group('2026-08-31', false, apply(), on('ActivateOffRegion')), OffRegion.TEMPORARY)
    assert.equal(group('2026-09-02', false, apply(), on('ActivateOffRegion')), undefined)
  })
  test('O§3.5 emergency counts as registered; self-registration gets the lower ratio; residence is as at home', () => {
    assert.equal(group('2026-04-01', true), OffRegion.TEMPORARY)
    assert.equal(
      group('2026-04-01', false, apply({ ground: OffRegionGround.SELF, documentId: '' } as never)),
      OffRegion.UNREGISTERED,
    )
    assert.equal(
      group('2026-04-01', true, apply({ ground: OffRegionGround.RESIDENCE } as never), on('ActivateOffRegion')),
      OffRegion.LONG_TERM,
    )
  })
  test('O§3.5 a certificate is used once; a registration ends, expires and does not come back', () => {
    told(apply())
      .when(apply({ registrationId: 'o2' }))
      .thenRefused('CERTIFICATE_USED')
    told(apply()).when(on('CancelOffRegion')).thenTypes('OffRegionCancelled')
    told(apply(), on('CancelOffRegion')).when(on('ActivateOffRegion')).thenRefused('REGISTRATION_OVER')
    told(apply(), on('ActivateOffRegion')).when(on('ExpireOffRegion')).thenTypes('OffRegionExpired')
    history().when(on('ActivateOffRegion')).thenRefused('REGISTRATION_UNKNOWN')
    history()
      .when(apply({ documentId: '' }))
      .thenRefused('DOCUMENT_MISSING')
    told(apply())
      .when({ type: 'ChangeOffRegion', personId, registrationId: 'o1', places: ['440000'], to: '2027-03-01' })
      .thenTypes('OffRegionChanged')
  })
  test('O§3.4 O§3.7 listed diseases need a certificate each; layers must be known to the region', () => {
    const disease = (one: string): AccountCommand => ({
      type: 'RegisterDisease',
      personId,
      data: { personId, disease: one, from: '2026-01-01', to: '', certificateId: 'z1' },
    })
    history().when(disease('DIALYSIS')).thenTypes('ChronicDiseaseListed')
    history().when(disease('COLD')).thenRefused('DISEASE_UNKNOWN')
    told(disease('DIALYSIS')).when(disease('TUMOUR')).thenRefused('CERTIFICATE_USED')
    const layer: AccountCommand = {
      type: 'GrantLayer',
      personId,
      data: { personId, layer: 'CIVIL_SERVANT', from: '2026-01-01', to: '' },
    }
    history().when(layer).thenRefused('LAYER_UNKNOWN')
    history()
      .when(layer, { policyOn: law('650100') })
      .thenTypes('LayerGranted')
  })
})
