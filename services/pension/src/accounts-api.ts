import type { PensionServiceService } from '@jinbao/proto/pension/v1/pension.ts'
import {
  type AccessTable,
  type ApiHandlers,
  allow,
  type Context,
  type Handled,
  order,
  pageSize,
  self,
} from '@jinbao/service'
import { type AccountCommand, type AccountEvent, type AccountState, balanceOf } from './domain/account.ts'
import { refuse } from './domain/refusals.ts'
import { estimatePension, getRetirementDates, getSurvivorEstimate } from './estimates.ts'
import { explainAmount } from './explain.ts'
import { personOf } from './facts.ts'
import { accountAnswer, accountAt, clocks, ledgerEntry } from './questions.ts'
import { accounts, claims } from './streams.ts'

type Definition = typeof PensionServiceService
type Part =
  | 'getAccount'
  | 'listLedger'
  | 'importOpeningRecord'
  | 'importOpeningRecords'
  | 'creditContribution'
  | 'adjustContribution'
  | 'postInterest'
  | 'explainAmount'
  | 'getRetirementDates'
  | 'estimatePension'
  | 'getSurvivorEstimate'

const MAX_RECORDS = 1_000

const balanceAfter = ({ state }: Pick<Handled<AccountState, AccountEvent>, 'state'>) =>
  state.status === 'open' ? balanceOf(state) : 0n

async function change(context: Context, command: AccountCommand) {
  personOf(context, command.personId)
  const handled = await context.handle(accounts, command.personId, command)
  return { receipt: handled.receipt, balanceFen: balanceAfter(handled) }
}

const importCommand = (
  personId: string,
  record: (AccountCommand & { type: 'ImportOpeningRecord' })['record'] | undefined,
) =>
  ({
    type: 'ImportOpeningRecord',
    personId,
    record: record ?? refuse('BAD_MONTH_SET', { field: 'record', value: '' }),
  }) satisfies AccountCommand

export const accountHandlers: Pick<ApiHandlers<Definition>, Part> = {
  async getAccount({ personId, asOf, knownAt }, context) {
    const { state, clocks } = await accountAt(context, personId, asOf, knownAt)
    return { ...accountAnswer(state, personId), asOf: clocks }
  },
  async listLedger({ personId, knownAt, pageSize: asked, pageToken }, context) {
    const history = await context.history(accounts, personId, knownAt || undefined)
    const size = pageSize(asked)
    const from = Number(pageToken || 0)
    const page = history.slice(from, from + size)
    return {
      entries: page.map(ledgerEntry),
      nextPageToken: from + size < history.length ? String(from + size) : '',
      asOf: clocks(history, context.world.today, knownAt || context.world.now),
    }
  },
  importOpeningRecord: ({ personId, record }, context) => change(context, importCommand(personId, record)),
  async importOpeningRecords({ records }, context) {
    if (records.length === 0 || records.length > MAX_RECORDS) refuse('TOO_MANY_RECORDS', { max: MAX_RECORDS })
    const orders = records.map(({ personId, record }) => {
      personOf(context, personId)
      return order(accounts, personId, importCommand(personId, record))
    })
    const done = await context.handleAll(orders)
    return { receipt: done.at(-1)!.receipt, imported: done.filter(({ events }) => events.length > 0).length }
  },
  creditContribution: ({ personId, ...data }, context) =>
    change(context, { type: 'CreditContribution', personId, data }),
  adjustContribution: ({ personId, ...data }, context) =>
    change(context, { type: 'AdjustContribution', personId, data }),
  async postInterest({ personId, year }, context) {
    const handled = await context.handle(accounts, personId, { type: 'PostInterest', personId, year })
    const postings = handled.events.flatMap((event) => (event.type === 'InterestPosted' ? [event.data] : []))
    const interestFen = postings.reduce((sum, posting) => sum + posting.interestFen, 0n)
    return { receipt: handled.receipt, interestFen, balanceFen: balanceAfter(handled), postings }
  },
  explainAmount,
  getRetirementDates,
  estimatePension,
  getSurvivorEstimate,
}

const readers = [
  ...allow('officer', 'reviewer', 'supervisor', 'service'),
  self((r: { personId: string }) => r.personId),
]

/** The person an explanation is about: of a claim, its applicant. */
async function explained(
  { personId, claimId }: { personId: string; claimId: string },
  context: Context,
): Promise<string | undefined> {
  if (!claimId) return personId
  const { state } = await context.load(claims, claimId)
  return state.status === 'none' ? undefined : state.filed.personId
}

export const accountAccess: Pick<AccessTable<Definition>, Part> = {
  getAccount: readers,
  listLedger: readers,
  importOpeningRecord: allow('officer', 'integrator'),
  importOpeningRecords: allow('officer', 'integrator'),
  creditContribution: allow('officer', 'integrator', 'service'),
  adjustContribution: allow('officer', 'integrator', 'service'),
  postInterest: allow('officer', 'operator', 'service'),
  explainAmount: [...allow('officer', 'reviewer', 'supervisor'), self(explained)],
  // Figures alone are nobody's.
  getRetirementDates: [...allow('officer', 'reviewer'), self((r) => r.personId), anonymous()],
  estimatePension: [...allow('officer', 'reviewer'), self((r) => r.personId), anonymous()],
  getSurvivorEstimate: readers,
}

/** A citizen may calculate with figures that name nobody. */
function anonymous() {
  return { role: 'citizen' as const, only: ({ personId }: { personId: string }) => personId === '' }
}
