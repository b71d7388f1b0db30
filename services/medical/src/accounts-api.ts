import { MonthSet } from '@jinbao/core'
import type { MedicalServiceService, OffRegionRegistration } from '@jinbao/proto/medical/v1/medical.ts'
import { type AccessTable, type ApiHandlers, allow, type Context, self } from '@jinbao/service'
import type { AccountCommand, OpenAccount } from './domain/account.ts'
import { coveredOn, coverOf } from './domain/cover.ts'
import { designatedOn } from './domain/institution.ts'
import { refuse } from './domain/refusals.ts'
import { missingMonths } from './domain/retirement.ts'
import { coverFacts } from './domain/standing.ts'
import { accountOf, institutionOf, personRow } from './facts.ts'
import { accounts } from './streams.ts'

type Rpcs =
  | 'getAccount'
  | 'getCover'
  | 'creditMonth'
  | 'useAccount'
  | 'returnUse'
  | 'authoriseRelative'
  | 'removeRelative'
  | 'inheritAccount'
  | 'recordRetirement'
  | 'payShortfall'
  | 'recordOtherCover'
  | 'registerDisease'
  | 'grantLayer'
  | 'applyOffRegion'
  | 'activateOffRegion'
  | 'changeOffRegion'
  | 'cancelOffRegion'

async function change(context: Context, command: AccountCommand) {
  const { receipt, state } = await context.handle(accounts, command.personId, command)
  return { receipt, balanceFen: state.status === 'open' ? state.balanceFen : 0n }
}

const registrationOf = ({ registrations }: OpenAccount, id: string): OffRegionRegistration => {
  const one = registrations.get(id) ?? refuse('REGISTRATION_UNKNOWN')
  return { ...one, places: [...one.places] }
}

async function changeRegistration(context: Context, command: AccountCommand & { readonly registrationId: string }) {
  const { receipt, state } = await context.handle(accounts, command.personId, command)
  const account = state as OpenAccount
  return { receipt, registration: registrationOf(account, command.registrationId) }
}

export const accountHandlers: Pick<ApiHandlers<typeof MedicalServiceService>, Rpcs> = {
  async getAccount({ personId }, context) {
    const { state } = await context.load(accounts, personId)
    const account = state.status === 'open' ? state : undefined
    const months = MonthSet.of(account?.months.keys() ?? [])
    return {
      personId,
      survivorId: state.status === 'aliased' ? state.survivorId : '',
      balanceFen: account?.balanceFen ?? 0n,
      months: months.toString(),
      monthCount: months.size,
      retirementMonth: account?.retirement?.month ?? '',
      lifetimeFrom: account?.lifetimeFrom ?? '',
      missingMonths: account ? missingMonths(account) : 0,
      diedOn: account?.diedOn ?? '',
      relatives: [...(account?.relatives.keys() ?? [])],
      offRegion: account ? [...account.registrations.keys()].map((id) => registrationOf(account, id)) : [],
    }
  },
  async getCover({ personId, on }, context) {
    const account = await accountOf(context, personId)
    const facts = coverFacts(account)
    const { months, waitingUntil } = coverOf(facts, context.world.policyOn)
    const one = coveredOn(facts, on || context.world.today, context.world.policyOn)
    return { ...one, months: months.toString(), waitingUntil }
  },
  creditMonth: (data, context) =>
    change(context, {
      type: 'CreditMonth',
      ...data,
      birthMonth: personRow(context, data.personId)?.birth_month ?? '',
    }),
  async useAccount(data, context) {
    const institution = await institutionOf(context, data.institutionId)
    if (!designatedOn(institution, context.world.today)) refuse('INSTITUTION_ENDED')
    return change(context, { type: 'Use', ...data })
  },
  returnUse(data, context) {
    // What a claim paid comes back with its reversal, not alone.
    if (context.db.get('SELECT 1 FROM claims WHERE claim_id = ?', data.useId)) refuse('USE_UNKNOWN')
    return change(context, { type: 'ReturnUse', ...data })
  },
  authoriseRelative: (data, context) => change(context, { type: 'AuthoriseRelative', ...data }),
  removeRelative: (data, context) => change(context, { type: 'RemoveRelative', ...data }),
  inheritAccount: ({ personId }, context) => change(context, { type: 'Inherit', personId }),
  recordRetirement({ personId, month }, context) {
    const person = personRow(context, personId) ?? refuse('ACCOUNT_UNKNOWN')
    return change(context, { type: 'RecordRetirement', personId, sex: person.sex, month })
  },
  payShortfall: (data, context) => change(context, { type: 'PayShortfall', ...data }),
  recordOtherCover: (data, context) => change(context, { type: 'RecordOtherCover', personId: data.personId, data }),
  registerDisease: (data, context) => change(context, { type: 'RegisterDisease', personId: data.personId, data }),
  grantLayer: (data, context) => change(context, { type: 'GrantLayer', personId: data.personId, data }),
  async applyOffRegion(data, context) {
    const registrationId = context.newId('registration')
    const { personId } = data
    const command = { type: 'ApplyOffRegion' as const, personId, data: { ...data, registrationId } }
    const { receipt, state } = await context.handle(accounts, personId, command)
    const registration = registrationOf(state as OpenAccount, registrationId)
    return { receipt: { ...receipt, id: registrationId }, registration }
  },
  activateOffRegion: (data, context) => changeRegistration(context, { type: 'ActivateOffRegion', ...data }),
  changeOffRegion: (data, context) => changeRegistration(context, { type: 'ChangeOffRegion', ...data }),
  cancelOffRegion: (data, context) => changeRegistration(context, { type: 'CancelOffRegion', ...data }),
}

const own = self<{ personId: string }>((request) => request.personId)
const filing = allow('officer', 'integrator', 'service')

export const accountAccess: Pick<AccessTable<typeof MedicalServiceService>, Rpcs> = {
  getAccount: [...allow('officer', 'reviewer', 'supervisor', 'service'), own],
  getCover: [...allow('officer', 'reviewer', 'integrator', 'service'), own],
  creditMonth: allow('officer', 'service'),
  useAccount: [...allow('integrator', 'officer'), own],
  returnUse: allow('integrator', 'officer'),
  authoriseRelative: [...allow('officer'), own],
  removeRelative: [...allow('officer'), own],
  inheritAccount: allow('officer'),
  recordRetirement: allow('officer', 'service'),
  payShortfall: filing,
  recordOtherCover: allow('officer', 'service'),
  registerDisease: allow('officer'),
  grantLayer: allow('officer', 'service'),
  applyOffRegion: [...allow('officer'), own],
  activateOffRegion: allow('officer'),
  changeOffRegion: allow('officer'),
  cancelOffRegion: [...allow('officer'), own],
}
