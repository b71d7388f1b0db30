// At the hospital's desk: the person's part divided, year and account in one transaction, bills settled at once.
import { Problem } from '@jinbao/core'
import { type ClaimRecord, ClaimStatus } from '@jinbao/proto/medical/v1/events.ts'
import type { Bill, SettledRow } from '@jinbao/proto/medical/v1/medical.ts'
import { type Context, order } from '@jinbao/service'
import { quote } from './domain/pricing.ts'
import { mayPayFor } from './domain/relatives.ts'
import { claimOf, encounterOf, type OpenYear, type YearCommand } from './domain/year.ts'
import { accountOf, type Intake, intakeOf, openYear } from './facts.ts'
import { accounts, yearId, years } from './streams.ts'

export interface Named {
  readonly personId: string
  readonly year: number
  readonly claimId: string
}

const least = (a: bigint, b: bigint) => (a < b ? a : b)

/** Step 14: the account pays up to its balance what it may; the rest is cash. */
export async function accountPart(context: Context, claim: ClaimRecord, payerId: string): Promise<bigint> {
  const limit = claim.settlement?.accountLimitFen ?? 0n
  const account = await accountOf(context, payerId)
  mayPayFor(account, encounterOf(claim).personId, context.world)
  const { balanceFen } = account
  return balanceFen <= 0n ? 0n : least(limit, balanceFen)
}

/** Year and account in one transaction: the money of both sides stands or falls together. */
export async function withAccount(
  context: Context,
  named: Named,
  payerId: string,
  accountFen: bigint,
  command: YearCommand,
) {
  const { personId, year, claimId } = named
  const { institutionId } = command.type === 'SettleClaim' ? command.received.encounter! : { institutionId: '' }
  const use = { type: 'Use' as const, personId: payerId, useId: claimId, forPersonId: personId, institutionId }
  const orders = [
    order(years, yearId(personId, year), command),
    ...(accountFen > 0n ? [order(accounts, payerId, { ...use, amountFen: accountFen })] : []),
  ]
  const [first] = await context.handleAll(orders)
  return { receipt: first!.receipt, claim: claimOf(first!.state as OpenYear, claimId) }
}

/** One part of a bill, from the upload to the settled claim. */
async function settlePart(context: Context, { received, year, neighbours }: Intake) {
  const { personId, claimId } = received.encounter!
  const { claims } = await openYear(context, personId, year)
  const known = claims.get(claimId)
  const fresh = !known || known.status === ClaimStatus.RECEIVED
  const priced = fresh ? quote(claims, received, context.world) : known
  const settled = known?.accountFen ?? 0n
  const accountFen =
    fresh || known.status === ClaimStatus.PRICED ? await accountPart(context, priced, personId) : settled
  const command = { type: 'SettleClaim' as const, received, neighbours, payerId: personId, accountFen }
  const uses = received.standing?.covered ? accountFen : 0n
  return withAccount(context, { personId, year, claimId }, personId, uses, command)
}

const nothing = { accepted: false, claimId: '', year: 0, status: ClaimStatus.CLAIM_STATUS_UNSPECIFIED }
const noMoney = { settlement: undefined, accountFen: 0n, cashFen: 0n, reason: '', text: '', textZh: '', field: '' }

export async function settleRow(context: Context, bill: Bill, row: number): Promise<SettledRow> {
  const parts = await intakeOf(context, bill, false)
  const done: { claim: ClaimRecord; year: number }[] = []
  for (const part of parts) done.push({ ...(await settlePart(context, part)), year: part.year })
  const { claim, year } = done.at(-1)!
  const { status, settlement, accountFen, cashFen, reason } = claim
  const { claimId } = encounterOf(claim)
  return { ...noMoney, row, accepted: true, claimId, year, status, settlement, accountFen, cashFen, reason }
}

/** A bill that is refused says why in its own row; the others go on. A defect is no answer. */
export function refusedRow(row: number, problem: unknown): SettledRow {
  if (!(problem instanceof Problem)) throw problem
  const { reason, message, details } = problem
  const field = details.fields?.[0]?.field ?? ''
  return { ...nothing, ...noMoney, row, reason, text: message, textZh: details.zh ?? '', field }
}
