import assert from 'node:assert/strict'
import { test } from 'node:test'
import { story } from '@jinbao/core/story.ts'
import { Kinship, Succession } from '@jinbao/proto/identity/v1/events.ts'
import { type EmployerCommand, type EmployerEvent, employerDecider } from './employer.ts'
import { holderDecider } from './holder.ts'
import { householdDecider } from './household.ts'
import { world } from './testing.ts'

const history = story(employerDecider, world)
const employerId = 'e1'
const data = {
  employerId,
  creditCode: '91110199MA0T00011B',
  name: '示例公司',
  place: '110000',
  industry: 'C13',
  riskClass: 3,
  contributesFrom: '2026-01-01',
}
const registered: EmployerEvent = { type: 'EmployerRegistered', data }
const hired: EmployerEvent = { type: 'FirstEnrolmentRecorded', data: { employerId, on: '2026-01-05' } }
const on = '2026-07-01'

test('O§1.8 registered, then active with the first employee', () => {
  history().when({ type: 'Register', data }).thenEvents(registered)
  history(registered).when({ type: 'RecordFirstEnrolment', on: '2026-01-05' }).thenEvents(hired)
  history(registered, hired).when({ type: 'RecordFirstEnrolment', on: '2026-02-01' }).thenNothing()
  const wrong: [Partial<typeof data>, string][] = [
    [{ riskClass: 9 }, 'RISK_CLASS'],
    [{ industry: 'ZZ' }, 'INDUSTRY_MALFORMED'],
    [{ place: '11' }, 'PLACE_MALFORMED'],
    [{ name: ' ' }, 'NAME_MISSING'],
    [{ contributesFrom: '2026-02-30' }, 'BAD_DAY'],
  ]
  for (const [change, reason] of wrong)
    history()
      .when({ type: 'Register', data: { ...data, ...change } })
      .thenRefused(reason)
})
test('O§1.8 a new risk class holds from the next fee period', () => {
  const change: EmployerCommand = { type: 'Change', data: { ...data, industry: 'B06', riskClass: 7 } }
  const [event] = history(registered, hired).when(change).thenTypes('EmployerChanged')
  assert.equal(event?.type === 'EmployerChanged' && event.data.riskClassFrom, '2026-08-01')
  history(registered, hired, event!).when(change).thenNothing()
})
test('O§1.8 contributions rest only while nobody is employed', () => {
  history(registered, hired).when({ type: 'Suspend', on, employees: 1 }).thenRefused('STILL_EMPLOYS')
  const rests = history(registered, hired)
    .when({ type: 'Suspend', on, employees: 0 })
    .thenTypes('ContributionSuspended')
  history(registered, hired, ...rests)
    .when({ type: 'Suspend', on, employees: 0 })
    .thenNothing()
  history(registered, hired, ...rests)
    .when({ type: 'Resume', on })
    .thenTypes('ContributionResumed')
})
test('O§1.8 deregistration: nothing owed, nobody employed', () => {
  history(registered, hired).when({ type: 'RequestDeregistration', on, owedFen: 1n }).thenRefused('ARREARS_OPEN')
  const asked = history(registered, hired)
    .when({ type: 'RequestDeregistration', on, owedFen: 0n })
    .thenTypes('DeregistrationRequested')
  const closing = history(registered, hired, ...asked)
  closing.when({ type: 'Deregister', on, owedFen: 0n, employees: 2 }).thenRefused('STILL_EMPLOYS')
  closing.when({ type: 'Deregister', on, owedFen: 0n, employees: 0 }).thenTypes('EmployerDeregistered')
  history(registered, hired).when({ type: 'Deregister', on, owedFen: 0n, employees: 0 }).thenRefused('EMPLOYER_STATE')
})
test('O§1.8 deferral, succession, licence', () => {
  const deferral = { employerId, fromMonth: '2026-07', toMonth: '2026-09', ground: 'FORCE_MAJEURE' }
  const deferred = history(registered, hired).when({ type: 'Defer', data: deferral }).thenTypes('DeferralApproved')
  const state = history(registered, hired, ...deferred)
  state.when({ type: 'Defer', data: deferral }).thenNothing()
  state.when({ type: 'Defer', data: { ...deferral, fromMonth: '2026-08' } }).thenRefused('DEFERRAL_OVERLAPS')
  state.when({ type: 'Defer', data: { ...deferral, ground: '' } }).thenRefused('GROUND_MISSING')
  const succession = { employerId, successorId: 'e2', kind: Succession.MERGED_INTO, on }
  state.when({ type: 'Succeed', data: succession, successorKnown: false }).thenRefused('SUCCESSOR_UNKNOWN')
  state.when({ type: 'Succeed', data: succession, successorKnown: true }).thenTypes('EmployerSucceeded')
  state.when({ type: 'RevokeLicence', data: { employerId, on, noticeId: 'n1' } }).thenTypes('LicenceRevoked')
})
test('O§1.2 only a temporary number is replaced', () => {
  history(registered).when({ type: 'AssignCode', creditCode: '91310199MA1T000210' }).thenRefused('CODE_FIXED')
  const temporary: EmployerEvent = { type: 'EmployerRegistered', data: { ...data, creditCode: 'TMP-2026A1' } }
  history(temporary).when({ type: 'AssignCode', creditCode: data.creditCode }).thenTypes('CreditCodeAssigned')
})

test('ID-09 a number is held once; who was forgotten may come back', () => {
  const numbers = story(holderDecider, world)
  const taken = numbers().when({ type: 'Take', holderId: 'p1' }).thenTypes('NumberTaken')
  numbers(...taken)
    .when({ type: 'Take', holderId: 'p1' })
    .thenNothing()
  numbers(...taken)
    .when({ type: 'Take', holderId: 'p2' })
    .thenRefused('NUMBER_TAKEN')
  numbers(...taken)
    .when({ type: 'Take', holderId: 'p2', from: 'p1' })
    .thenTypes('NumberTaken')
})

test('O§1.4 a household has a head, members with dates, and an end', () => {
  const homes = story(householdDecider, world)
  const head = { householdId: 'h1', headId: 'p1', from: '2020-01-01', division: '110101' }
  const opened = homes().when({ type: 'Register', data: head }).thenTypes('HouseholdRegistered', 'MemberAdded')
  const child = { householdId: 'h1', personId: 'p2', kinship: Kinship.CHILD, dependant: true, from: '2021-05-01' }
  const joined = homes(...opened)
    .when({ type: 'Add', data: child })
    .thenTypes('MemberAdded')
  const home = homes(...opened, ...joined)
  home.when({ type: 'Add', data: child }).thenNothing()
  home.when({ type: 'Add', data: { ...child, from: '2022-01-01' } }).thenRefused('MEMBER_ALREADY')
  const leaves = { householdId: 'h1', personId: 'p2', to: '2026-06-30' }
  home.when({ type: 'Remove', data: leaves }).thenTypes('MemberRemoved')
  home.when({ type: 'Remove', data: { ...leaves, personId: 'p1' } }).thenRefused('HEAD_STAYS')
  const closed = home.when({ type: 'Close', to: '2026-06-30' })
  assert.ok(closed.state().status === 'closed')
  home
    .and(...closed.events())
    .when({ type: 'Add', data: child })
    .thenRefused('HOUSEHOLD_CLOSED')
})
