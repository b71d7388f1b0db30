import type { Claim, ClaimResponse, PensionServiceService } from '@jinbao/proto/pension/v1/pension.ts'
import { type AccessTable, type ApiHandlers, allow, type Context, order, pageSize, self } from '@jinbao/service'
import { atRetirement } from './domain/account.ts'
import { type ClaimCommand, type ClaimState, isPension } from './domain/claim.ts'
import { refuse } from './domain/refusals.ts'
import { openAccount, personOf, recordOf } from './facts.ts'
import { clocks } from './questions.ts'
import { accounts, claims } from './streams.ts'

type Definition = typeof PensionServiceService
type Part =
  | 'applyForPension'
  | 'checkClaim'
  | 'decideClaim'
  | 'returnClaim'
  | 'approveClaim'
  | 'rejectClaim'
  | 'getClaim'
  | 'listClaims'
  | 'payMonth'
  | 'reassessClaim'
  | 'suspendPension'
  | 'resumePension'
  | 'recordRecovery'

const nothing = { firstMonth: '', nextMonth: '', monthsPaid: 0, paidFen: 0n, backPayFen: 0n, recoverableFen: 0n }

function claimOf(state: ClaimState): Claim | undefined {
  if (state.status === 'none') return undefined
  const { claimId, personId, retirementMonth, statutoryMonth, appliedOn, dueOn } = state.filed
  const filed = { claimId, personId, retirementMonth, statutoryMonth, appliedOn, dueOn }
  const award = 'award' in state ? state.award : undefined
  const reason = 'reason' in state ? state.reason : ''
  if (!isPension(state)) return { ...filed, ...nothing, status: state.status, award, reason }
  const { firstMonth, nextMonth, paid, backPayFen, recoverableFen } = state
  const paidFen = [...paid.values()].reduce((sum, fen) => sum + fen, 0n)
  const payment = { firstMonth, nextMonth, monthsPaid: paid.size, paidFen, backPayFen, recoverableFen }
  return { ...filed, ...payment, status: state.status, award, reason }
}

async function filed(context: Context, claimId: string) {
  const { state } = await context.load(claims, claimId)
  return state.status === 'none' ? refuse('UNKNOWN_CLAIM', { claim: claimId }) : state
}

async function step(context: Context, claimId: string, command: ClaimCommand): Promise<ClaimResponse> {
  await filed(context, claimId)
  const { receipt, state } = await context.handle(claims, claimId, command)
  return { receipt, claim: claimOf(state), asOf: undefined }
}

/** What the account says at the retirement month of a claim. */
async function recordFor(context: Context, claimId: string) {
  const { filed: application } = await filed(context, claimId)
  const account = await openAccount(context, application.personId)
  const balanceFen = account.retirementMonth
    ? 0n
    : atRetirement(account, application.retirementMonth, context.world).balanceFen
  return recordOf(account, balanceFen)
}

export const claimHandlers: Pick<ApiHandlers<Definition>, Part> = {
  async applyForPension({ personId, application }, context) {
    const { birth_month: birthMonth, sex, died_on: diedOn } = personOf(context, personId)
    if (diedOn) refuse('PERSON_DEAD')
    await openAccount(context, personId)
    const claimId = context.newId('claim')
    const asked = application ?? refuse('KIND_MISSING')
    const [done] = await context.handleAll([
      order(claims, claimId, { type: 'Apply', claimId, personId, birthMonth, sex, application: asked }),
      order(accounts, personId, { type: 'Reserve', personId, claimId }),
    ])
    return { receipt: { ...done!.receipt, id: claimId }, claim: claimOf(done!.state as ClaimState), asOf: undefined }
  },
  async checkClaim({ claimId }, context) {
    const { counted } = await recordFor(context, claimId)
    return step(context, claimId, { type: 'Check', counted })
  },
  async decideClaim({ claimId }, context) {
    return step(context, claimId, { type: 'Decide', record: await recordFor(context, claimId) })
  },
  returnClaim: ({ claimId, reason }, context) => step(context, claimId, { type: 'Return', reason }),
  async approveClaim({ claimId }, context) {
    const state = await filed(context, claimId)
    if (state.status !== 'decided') return step(context, claimId, { type: 'Approve' })
    const { personId, retirementMonth: month } = state.filed
    const { balanceFen } = state.award
    const [done] = await context.handleAll([
      order(claims, claimId, { type: 'Approve' }),
      order(accounts, personId, { type: 'CloseForRetirement', personId, claimId, month, balanceFen }),
    ])
    return { receipt: done!.receipt, claim: claimOf(done!.state as ClaimState), asOf: undefined }
  },
  async rejectClaim({ claimId, reason, text }, context) {
    const { personId } = (await filed(context, claimId)).filed
    const [done] = await context.handleAll([
      order(claims, claimId, { type: 'Reject', reason, text }),
      order(accounts, personId, { type: 'Release', personId, claimId }),
    ])
    return { receipt: done!.receipt, claim: claimOf(done!.state as ClaimState), asOf: undefined }
  },
  async getClaim({ claimId, knownAt }, context) {
    const history = await context.history(claims, claimId, knownAt || undefined)
    const state = history.reduce((one, { event }) => claims.decider.evolve(one, event), claims.decider.initial)
    const claim = claimOf(state) ?? refuse('UNKNOWN_CLAIM', { claim: claimId })
    return { receipt: undefined, claim, asOf: clocks(history, context.world.today, knownAt || context.world.now) }
  },
  async listClaims(request, context) {
    const size = pageSize(request.pageSize)
    const [day = '', id = ''] = request.pageToken.split(' ')
    const { personId, status, dueBy } = request
    const rows = context.db.all<Row>(LIST, personId, status, dueBy, day, id, size + 1)
    const page = rows.slice(0, size)
    const last = page.at(-1)
    return {
      claims: page.map(rowOf),
      nextPageToken: rows.length > size && last ? `${last.applied_on} ${last.claim_id}` : '',
    }
  },
  payMonth: ({ claimId, month }, context) => step(context, claimId, { type: 'PayMonth', month }),
  async reassessClaim({ claimId }, context) {
    return step(context, claimId, { type: 'Reassess', record: await recordFor(context, claimId) })
  },
  suspendPension: ({ claimId, from, reason }, context) => step(context, claimId, { type: 'Suspend', from, reason }),
  resumePension: ({ claimId, from, payMissed }, context) => step(context, claimId, { type: 'Resume', from, payMissed }),
  recordRecovery: ({ claimId, amountFen, on, receiptId }, context) =>
    step(context, claimId, { type: 'Recover', amountFen, on, receiptId }),
}

interface Row {
  readonly claim_id: string
  readonly person_id: string
  readonly status: string
  readonly retirement_month: string
  readonly applied_on: string
  readonly due_on: string
  readonly total_fen: bigint
  readonly provisional: bigint
}
const LIST = `SELECT * FROM claims WHERE (?1 = '' OR person_id = ?1) AND (?2 = '' OR status = ?2) AND (?3 = '' OR due_on <= ?3)
  AND (applied_on, claim_id) > (?4, ?5) ORDER BY applied_on, claim_id LIMIT ?6`
const rowOf = (row: Row) => ({
  claimId: row.claim_id,
  personId: row.person_id,
  status: row.status,
  retirementMonth: row.retirement_month,
  appliedOn: row.applied_on,
  dueOn: row.due_on,
  totalFen: row.total_fen,
  provisional: row.provisional === 1n,
})

const applicant = async ({ claimId }: { claimId: string }, context: Context) => {
  const { state } = await context.load(claims, claimId)
  return state.status === 'none' ? undefined : state.filed.personId
}

export const claimAccess: Pick<AccessTable<Definition>, Part> = {
  applyForPension: [...allow('officer', 'integrator'), self((request) => request.personId)],
  checkClaim: allow('officer'),
  decideClaim: allow('officer'),
  returnClaim: allow('reviewer', 'officer'),
  approveClaim: allow('reviewer', 'officer'),
  rejectClaim: allow('officer', 'reviewer'),
  getClaim: [...allow('officer', 'reviewer', 'supervisor', 'service'), self(applicant)],
  listClaims: [...allow('officer', 'reviewer', 'supervisor'), self((request) => request.personId || undefined)],
  payMonth: allow('officer', 'operator', 'service'),
  reassessClaim: allow('officer', 'operator', 'service'),
  suspendPension: allow('officer'),
  resumePension: allow('officer'),
  recordRecovery: allow('officer', 'service'),
}
