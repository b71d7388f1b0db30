import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Kinship, MonthSource } from '@jinbao/proto/medical/v1/events.ts'
import { balance, credit, creditFen, history, personId, told } from './account.example.ts'
import { type AccountCommand, countedMonths, type OpenAccount } from './account.ts'
import { fen, law } from './testing.ts'

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
      .when(credit('2026-02', { source: MonthSource.DISABILITY_ALLOWANCE, baseFen: 0n }))
      .thenRefused('ALLOWANCE_MISSING')
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
