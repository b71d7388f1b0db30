// A claim for a monthly pension: stream `pension-claim-<id>`. Applied for, checked, decided by one officer, approved by
// a second, then paid month by month.
import { addMonths, Calc, type Decider, type World } from '@jinbao/core'
import { Sex } from '@jinbao/proto/common/v1/common.ts'
import { RetirementKind } from '@jinbao/proto/pension/v1/events.ts'
import { groupOf, retirementDates } from './age.ts'
import { pay, payDue, reassess, recover, registerDeath, resume, revokeDeath, suspend } from './claim-payment.ts'
import {
  type ClaimCommand,
  type ClaimEvent,
  type ClaimState,
  evolve,
  isPension,
  type PensionState,
  whoOf,
} from './claim-state.ts'
import { explainedAward, upTo } from './decision.ts'
import { type CountedMonths, chosenMonth, entitlement } from './entitlement.ts'
import { refuse } from './refusals.ts'

export * from './claim-state.ts'

export const claimDecider: Decider<ClaimState, ClaimCommand, ClaimEvent> = {
  initial: { status: 'none' },
  decide(state, command, world) {
    switch (command.type) {
      case 'Apply':
        return apply(state, command, world)
      case 'Check':
        return check(state, command.counted, world)
      case 'Decide':
        return decide(state, command, world)
      case 'Return':
        return sendBack(state, command.reason, world)
      case 'Approve':
        return approve(state, world)
      case 'Reject':
        return reject(state, command.reason, command.text, world)
      case 'Remind':
        return remind(state, world)
      case 'RegisterDeath':
        return isPension(state) ? registerDeath(state, command.diedOn) : rejectDead(state, world)
      case 'RevokeDeath':
        return isPension(state) ? revokeDeath(state) : []
      default:
        return isPension(state) ? decidePension(state, command, world) : wrongStep(state)
    }
  },
  evolve,
}

function decidePension(state: PensionState, command: ClaimCommand, world: World): ClaimEvent[] {
  switch (command.type) {
    case 'PayMonth':
      return pay(state, command.month, world)
    case 'PayDue':
      return payDue(state, world)
    case 'Reassess':
      return reassess(state, command.record, world)
    case 'Suspend':
      return suspend(state, command.from, command.reason, world)
    case 'Resume':
      return resume(state, command.from, command.payMissed, world)
    case 'RevokeDeath':
      return revokeDeath(state)
    case 'Recover':
      return recover(state, command)
    default:
      return wrongStep(state)
  }
}

const wrongStep = (state: ClaimState): never => refuse('WRONG_STEP', { status: state.status })

type Apply = ClaimCommand & { type: 'Apply' }

function apply(
  state: ClaimState,
  { claimId, personId, birthMonth, sex, application }: Apply,
  world: World,
): ClaimEvent[] {
  if (state.status !== 'none') return []
  const group = groupOf(application.group)
  if ((group === 'M60') !== (sex === Sex.MALE)) refuse('GROUP_MISSING')
  const { policyOn, today } = world
  const dates = retirementDates(Calc.plain(), policyOn, today, birthMonth, group)
  const retirementMonth = chosenMonth(policyOn, dates, application, today)
  if (retirementMonth > today.slice(0, 7)) refuse('AGE_NOT_REACHED', { earliest: retirementMonth })
  const law = policyOn(today)
  const dueOn = law.addWorkingDays(today, Number(law.value('sla.pension.claim').n))
  const data = {
    claimId,
    personId,
    birthMonth,
    application,
    retirementMonth,
    statutoryMonth: dates.statutory,
    appliedOn: today,
    dueOn,
  }
  return [{ type: 'PensionAppliedFor', data }]
}

/** P-1 to P-5 on the months of the account. */
function check(state: ClaimState, counted: CountedMonths, { policyOn, today, by }: World): ClaimEvent[] {
  if (state.status === 'checked') return []
  if (state.status !== 'applied') return wrongStep(state)
  const { claimId, application, retirementMonth, statutoryMonth } = state.filed
  const kind = application!.kind
  const found = entitlement(policyOn, counted, kind, retirementMonth, statutoryMonth)
  if (found.short > 0)
    refuse('MINIMUM_NOT_REACHED', {
      months: found.months,
      minimum: found.minimumMonths,
      options: found.options.join(', '),
    })
  if (kind === RetirementKind.EXTENDED) checkWasShort(policyOn, counted, statutoryMonth)
  const { actual, deemed } = upTo(counted, retirementMonth)
  return [
    {
      type: 'ClaimChecked',
      data: {
        claimId,
        actualMonths: actual.toString(),
        deemedMonths: deemed.toString(),
        minimumMonths: found.minimumMonths,
        checkedBy: by.subject,
        checkedOn: today,
      },
    },
  ]
}

/** P-5: paying on is for those who were short at the statutory month; the others delay, or retire. */
function checkWasShort(policyOn: World['policyOn'], counted: CountedMonths, statutory: string): void {
  if (entitlement(policyOn, counted, RetirementKind.STATUTORY, statutory, statutory).short === 0) refuse('NOT_SHORT')
}

/** One officer decides; deciding again replaces a decision that was not approved. */
function decide(state: ClaimState, { record }: ClaimCommand & { type: 'Decide' }, world: World): ClaimEvent[] {
  if (state.status !== 'checked' && state.status !== 'decided') return wrongStep(state)
  const { award, explanation } = explainedAward(world, whoOf(state), { ...record, counted: state.counted })
  if (state.status === 'decided' && sameAward(state.award, award)) return []
  const { claimId } = state.filed
  const data = { claimId, award, explanation, decidedBy: world.by.subject, decidedOn: world.today }
  return [{ type: 'ClaimDecided', data }]
}

const sameAward = (a: object, b: object): boolean =>
  Object.entries(a).every(([key, value]) => (b as Record<string, unknown>)[key] === value)

function sendBack(state: ClaimState, reason: string, { by }: World): ClaimEvent[] {
  if (state.status !== 'decided') return wrongStep(state)
  if (reason.trim() === '') refuse('REASON_MISSING')
  return [{ type: 'ClaimReturned', data: { claimId: state.filed.claimId, reason, returnedBy: by.subject } }]
}

/** Four eyes; pay starts in the month after the retirement month (P-6). */
function approve(state: ClaimState, { by, today }: World): ClaimEvent[] {
  if (isPension(state)) return []
  if (state.status !== 'decided') return wrongStep(state)
  if (by.subject === state.decidedBy) refuse('SAME_OFFICER')
  const { claimId, personId, retirementMonth } = state.filed
  const { totalFen, accountFen, provisional } = state.award
  const firstMonth = addMonths(retirementMonth, 1)
  const data = {
    claimId,
    personId,
    retirementMonth,
    firstMonth,
    totalFen,
    accountFen,
    provisional,
    approvedBy: by.subject,
    approvedOn: today,
  }
  return [{ type: 'PensionAwarded', data }]
}

function reject(state: ClaimState, reason: string, text: string, { by, today }: World): ClaimEvent[] {
  if (state.status === 'rejected') return []
  if (state.status === 'none' || isPension(state)) return wrongStep(state)
  if (!/^[A-Z][A-Z_]+$/.test(reason)) refuse('REASON_MISSING')
  const { claimId, personId } = state.filed
  return [
    { type: 'ClaimRejected', data: { claimId, personId, reason, text, rejectedBy: by.subject, rejectedOn: today } },
  ]
}

const rejectDead = (state: ClaimState, world: World): ClaimEvent[] =>
  state.status === 'none' ? [] : reject(state, 'PERSON_DEAD', '申请人已死亡 · the applicant has died', world)

/** P-6: on the last day a reminder, afterwards an escalation; each once. */
function remind(state: ClaimState, { today }: World): ClaimEvent[] {
  if (state.status !== 'applied' && state.status !== 'checked' && state.status !== 'decided') return []
  const { claimId, dueOn } = state.filed
  const overdue = today > dueOn
  if (today < dueOn || state.reminded === 'overdue' || (state.reminded === 'due' && !overdue)) return []
  return [{ type: 'ClaimReminded', data: { claimId, dueOn, overdue, on: today } }]
}
