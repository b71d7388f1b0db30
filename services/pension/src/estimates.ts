// Calculators (PS-06): they name every policy value they used and are not decisions.
import { Calc, isMonth, MonthSet } from '@jinbao/core'
import { Sex } from '@jinbao/proto/common/v1/common.ts'
import { RetirementGroup, RetirementKind } from '@jinbao/proto/pension/v1/events.ts'
import type {
  EstimatePensionRequest,
  EstimatePensionResponse,
  GetRetirementDatesRequest,
  GetRetirementDatesResponse,
  GetSurvivorEstimateRequest,
  GetSurvivorEstimateResponse,
} from '@jinbao/proto/pension/v1/pension.ts'
import type { Context } from '@jinbao/service'
import { atRetirement } from './domain/account.ts'
import { monthsOf } from './domain/account-record.ts'
import { groupOf, type RetirementDates, retirementDates } from './domain/age.ts'
import { givenIndex } from './domain/average-index.ts'
import { explainedAward, type RetirementRecord } from './domain/decision.ts'
import { countedMonths, entitlement } from './domain/entitlement.ts'
import { refuse } from './domain/refusals.ts'
import { explainedDeath } from './domain/survivor-claim.ts'
import { deathFactsOf, openAccount, personOf, recordOf } from './facts.ts'

/** Birth month and group of a person on the register, or as given. */
function whose(
  { personId, birthMonth, group }: { personId: string; birthMonth: string; group: RetirementGroup },
  context: Context,
) {
  const person = personId ? personOf(context, personId) : undefined
  const month = birthMonth || person?.birth_month || ''
  if (!isMonth(month)) refuse('BAD_MONTH', { field: 'birth_month', value: month })
  // Men have one group; women's depends on their post and has to be said.
  const named =
    group === RetirementGroup.RETIREMENT_GROUP_UNSPECIFIED && person?.sex === Sex.MALE ? RetirementGroup.M60 : group
  return { birthMonth: month, group: groupOf(named) }
}

export async function getRetirementDates(
  request: GetRetirementDatesRequest,
  context: Context,
): Promise<GetRetirementDatesResponse> {
  const { world } = context
  const { birthMonth, group } = whose(request, context)
  const calc = Calc.recording()
  const dates = retirementDates(calc, world.policyOn, world.today, birthMonth, group)
  const account = request.personId ? await openAccount(context, request.personId, true) : undefined
  const about = { subject: { person: request.personId }, place: world.place, day: world.today, knownAt: world.now }
  return {
    statutoryMonth: dates.statutory,
    ageMonths: dates.ageMonths,
    delayMonths: dates.delayMonths,
    earliestMonth: dates.window?.earliest ?? '',
    latestMonth: dates.window?.latest ?? '',
    minimumMonths: dates.minimumMonths,
    months: account ? countedMonths(recordOf(account, 0n).counted, dates.statutory).size : 0,
    explanation: JSON.stringify(calc.explain(about, {})),
  }
}

/** The account where a person is named; each figure given replaces it. */
async function figures(
  request: EstimatePensionRequest,
  retirement: string,
  context: Context,
): Promise<RetirementRecord> {
  const account = request.personId ? await openAccount(context, request.personId, true) : undefined
  const own = account && recordOf(account, atRetirement(account, retirement, context.world).balanceFen)
  const { actualMonths, deemedMonths, balanceFen } = request
  return {
    career: own?.career ?? { stream: 'estimate', years: [] },
    counted: {
      actual: actualMonths ? monthsOf(actualMonths, 'actual_months') : (own?.counted.actual ?? MonthSet.empty),
      deemed: deemedMonths ? monthsOf(deemedMonths, 'deemed_months') : (own?.counted.deemed ?? MonthSet.empty),
    },
    balanceFen: balanceFen > 0n ? balanceFen : (own?.balanceFen ?? 0n),
  }
}

export async function estimatePension(
  request: EstimatePensionRequest,
  context: Context,
): Promise<EstimatePensionResponse> {
  const { world } = context
  const { birthMonth, group } = whose(request, context)
  const dates = retirementDates(Calc.plain(), world.policyOn, world.today, birthMonth, group)
  const retirementMonth = request.retirementMonth || dates.statutory
  const record = await figures(request, retirementMonth, context)
  const who = { personId: request.personId, claimId: '', birthMonth, retirementMonth, special: false }
  const index = request.averageIndex
  if (!/^(\d(\.\d{1,6})?)?$/.test(index)) refuse('BAD_INDEX', { value: index })
  const given = index ? (calc: Calc) => givenIndex(calc, index, 'estimate') : undefined
  const { award, explanation } = explainedAward(world, who, record, given)
  const kind = kindOf(dates, retirementMonth)
  const { short } = entitlement(world.policyOn, record.counted, kind, retirementMonth, dates.statutory)
  return { award, retirementMonth, shortMonths: short, explanation, notADecision: true }
}

const kindOf = ({ statutory }: RetirementDates, month: string): RetirementKind =>
  month < statutory ? RetirementKind.EARLY : month > statutory ? RetirementKind.DELAYED : RetirementKind.STATUTORY

export async function getSurvivorEstimate(
  { personId, diedOn, funeralElsewhere }: GetSurvivorEstimateRequest,
  context: Context,
): Promise<GetSurvivorEstimateResponse> {
  const { facts, balanceFen } = await deathFactsOf(context, personId, diedOn || context.world.today, funeralElsewhere)
  return { ...explainedDeath(context.world, personId, facts, balanceFen), notADecision: true }
}
