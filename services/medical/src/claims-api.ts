import { type ClaimRecord, ClaimStatus } from '@jinbao/proto/medical/v1/events.ts'
import type { ClaimResponse, ClaimRow, MedicalServiceService, SettledRow } from '@jinbao/proto/medical/v1/medical.ts'
import {
  type AccessTable,
  type ApiHandlers,
  allow,
  type Context,
  civilDay,
  order,
  pageSize,
  self,
} from '@jinbao/service'
import { accountPart, type Named, refusedRow, settleRow, withAccount } from './desk.ts'
import { explain, quote, yearBefore } from './domain/pricing.ts'
import { refuse } from './domain/refusals.ts'
import { claimOf, encounterOf, inOrder, type OpenYear, type YearCommand } from './domain/year.ts'
import { intakeOf, openYear } from './facts.ts'
import { accounts, yearId, years } from './streams.ts'

type Rpcs =
  | 'getQuote'
  | 'receiveClaim'
  | 'adjudicateClaim'
  | 'confirmClaim'
  | 'settleBills'
  | 'cutClaim'
  | 'reverseClaim'
  | 'recordThirdPartyRecovery'
  | 'getClaim'
  | 'listClaims'
  | 'explainClaim'
  | 'getYear'
  | 'resettleYear'

const MAX_BILLS = 200

async function change(context: Context, { personId, year, claimId }: Named, command: YearCommand) {
  const { receipt, state } = await context.handle(years, yearId(personId, year), command)
  return { receipt, claimId, year, claim: claimOf(state as OpenYear, claimId), otherClaims: [] }
}

const answer = (claim: ClaimRecord, year: number): ClaimResponse => ({
  receipt: undefined,
  claimId: encounterOf(claim).claimId,
  year,
  claim,
  otherClaims: [],
})

const readers = allow('officer', 'reviewer', 'supervisor', 'service')
const ownClaim = self<{ personId: string }>((request) => request.personId)

interface Row {
  claim_id: string
  person_id: string
  year: bigint
  institution_id: string
  bill_number: string
  status: ClaimStatus
  day_from: string
  day_to: string
  total_fen: bigint
  fund_fen: bigint
  due_on: string
}
const rowOf = (row: Row): ClaimRow => ({
  claimId: row.claim_id,
  personId: row.person_id,
  year: Number(row.year),
  institutionId: row.institution_id,
  billNumber: row.bill_number,
  status: row.status,
  from: row.day_from,
  to: row.day_to,
  totalFen: row.total_fen,
  fundFen: row.fund_fen,
  dueOn: row.due_on,
})

export const claimHandlers: Pick<ApiHandlers<typeof MedicalServiceService>, Rpcs> = {
  async getQuote({ bill, payerId }, context) {
    const intake = await intakeOf(context, bill, false)
    const parts = await Promise.all(
      intake.map(async ({ received, year }) => {
        const { claims } = await openYear(context, received.encounter!.personId, year)
        return quote(claims, received, context.world)
      }),
    )
    const payments = await Promise.all(
      parts.map(async (part) => {
        const accountFen = await accountPart(context, part, payerId || encounterOf(part).personId)
        return { accountFen, cashFen: (part.settlement?.personFen ?? 0n) - accountFen }
      }),
    )
    const { place, now } = context.world
    return { parts, payments, explanation: JSON.stringify(explain(parts[0]!, context.world, place, now)) }
  },
  async receiveClaim({ bill, manual }, context) {
    const intake = await intakeOf(context, bill, manual)
    const orders = intake.map(({ received, year, neighbours }) =>
      order(years, yearId(received.encounter!.personId, year), { type: 'ReceiveClaim' as const, received, neighbours }),
    )
    const done = await context.handleAll(orders)
    const [first, ...others] = intake
    const claimId = first!.received.encounter!.claimId
    const claim = claimOf(done[0]!.state as OpenYear, claimId)
    const otherClaims = others.map(({ received }) => received.encounter!.claimId)
    return { receipt: { ...done.at(-1)!.receipt, id: claimId }, claimId, year: first!.year, claim, otherClaims }
  },
  adjudicateClaim: (named, context) => change(context, named, { type: 'AdjudicateClaim', claimId: named.claimId }),
  async confirmClaim({ payerId, cashOnly, ...named }, context) {
    const payer = payerId || named.personId
    const claim = claimOf(await openYear(context, named.personId, named.year), named.claimId)
    const open = claim.status === ClaimStatus.PRICED
    const accountFen = cashOnly ? 0n : open ? await accountPart(context, claim, payer) : claim.accountFen
    const command = { type: 'ConfirmClaim' as const, claimId: named.claimId, payerId: payer, accountFen }
    const { institutionId } = encounterOf(claim)
    const use = { payerId: payer, institutionId, amountFen: open ? accountFen : 0n }
    const done = await withAccount(context, named, use, command)
    return { ...answer(done.claim, named.year), receipt: done.receipt }
  },
  async settleBills({ bills }, context) {
    if (bills.length > MAX_BILLS) refuse('TOO_MANY_BILLS', { max: MAX_BILLS })
    const rows: SettledRow[] = []
    for (const [row, bill] of bills.entries())
      rows.push(await settleRow(context, bill, row).catch((problem: unknown) => refusedRow(row, problem)))
    return { rows, accepted: rows.filter(({ accepted }) => accepted).length }
  },
  cutClaim: ({ cutId, cuts, ...named }, context) =>
    change(context, named, { type: 'CutClaim', claimId: named.claimId, cutId, cuts }),
  async reverseClaim({ reason, ...named }, context) {
    const { personId, year, claimId } = named
    const claim = claimOf(await openYear(context, personId, year), claimId)
    const returns = claim.status === ClaimStatus.SETTLED && claim.accountFen > 0n
    const back = { type: 'ReturnUse' as const, personId: claim.payerId, useId: claimId }
    const [first] = await context.handleAll([
      order(years, yearId(personId, year), { type: 'ReverseClaim' as const, claimId, reason }),
      ...(returns ? [order(accounts, claim.payerId, back)] : []),
    ])
    return { ...answer(claimOf(first!.state as OpenYear, claimId), year), receipt: first!.receipt }
  },
  recordThirdPartyRecovery: ({ amountFen, receiptId, ...named }, context) =>
    change(context, named, { type: 'RecordRecovery', claimId: named.claimId, amountFen, receiptId }),
  async getClaim({ personId, year, claimId }, context) {
    return answer(claimOf(await openYear(context, personId, year), claimId), year)
  },
  async listClaims(request, { db }) {
    const size = pageSize(request.pageSize)
    const [by, value] = request.personId ? ['person_id', request.personId] : ['institution_id', request.institutionId]
    const [day = '', claim = ''] = request.pageToken.split('/')
    const rows = db.all<Row>(
      `SELECT * FROM claims WHERE ${by} = ? AND (day_to, claim_id) > (?, ?) ORDER BY day_to, claim_id LIMIT ?`,
      value,
      day,
      claim,
      size + 1,
    )
    const page = rows.slice(0, size)
    const last = page.at(-1)
    return {
      claims: page.map(rowOf),
      nextPageToken: rows.length > size && last ? `${last.day_to}/${last.claim_id}` : '',
    }
  },
  /** Made again from the recorded bill and year, by the law as it was known when the amounts were made. */
  async explainClaim({ personId, year, claimId }, context) {
    const claim = claimOf(await openYear(context, personId, year), claimId)
    const history = await context.history(years, yearId(personId, year))
    const made = history.findLast(
      ({ event }) =>
        (event.type === 'ClaimAdjudicated' || event.type === 'ClaimReplayed') && event.data.claimId === claimId,
    )
    const knownAt = made?.recordedAt ?? context.world.now
    const law = made ? { policyOn: context.lawKnown(civilDay(knownAt)) } : context.world
    return { explanation: JSON.stringify(explain(claim, law, context.world.place, knownAt)) }
  },
  async resettleYear({ personId, year, changeId }, context) {
    const { receipt, events } = await context.handle(years, yearId(personId, year), {
      type: 'Resettle',
      cause: changeId,
    })
    return { receipt, changed: events.length }
  },
  async getYear({ personId, year }, context) {
    const { claims } = await openYear(context, personId, year)
    return { accumulators: yearBefore(claims, context.world), claims: inOrder(claims) }
  },
}

export const claimAccess: Pick<AccessTable<typeof MedicalServiceService>, Rpcs> = {
  getQuote: [...allow('officer', 'integrator'), self((request) => request.bill?.personId)],
  receiveClaim: [
    ...allow('officer', 'integrator'),
    self((request) => (request.manual ? request.bill?.personId : undefined)),
  ],
  adjudicateClaim: allow('officer', 'integrator'),
  confirmClaim: [...allow('officer', 'integrator'), ownClaim],
  settleBills: allow('integrator', 'officer'),
  cutClaim: allow('reviewer', 'supervisor'),
  reverseClaim: allow('officer', 'integrator'),
  recordThirdPartyRecovery: allow('officer', 'service'),
  getClaim: [...readers, ...allow('integrator'), ownClaim],
  listClaims: [...readers, self((request) => (request.institutionId ? undefined : request.personId))],
  explainClaim: [...readers, ownClaim],
  getYear: [...readers, ownClaim],
  resettleYear: allow('supervisor', 'service'),
}
