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

export interface Use {
  readonly payerId: string
  readonly institutionId: string
  /** 0: the account is not touched. */
  readonly amountFen: bigint
}

/** Year and account in one transaction: the money of both sides stands or falls together. */
export async function withAccount(context: Context, named: Named, use: Use, command: YearCommand) {
  const { personId, year, claimId } = named
  const { payerId, ...rest } = use
  const used = { type: 'Use' as const, personId: payerId, useId: claimId, forPersonId: personId, ...rest }
  const orders = [
    order(years, yearId(personId, year), command),
    ...(use.amountFen > 0n ? [order(accounts, payerId, used)] : []),
  ]
  const [first] = await context.handleAll(orders)
  return { receipt: first!.receipt, claim: claimOf(first!.state as OpenYear, claimId) }
}

const open: ReadonlySet<ClaimStatus> = new Set([ClaimStatus.RECEIVED, ClaimStatus.PRICED, ClaimStatus.REFUSED])

/** One part of a bill, from the upload to the settled claim. What is settled already is answered as it stands. */
async function settlePart(context: Context, { received, year, neighbours }: Intake) {
  const { personId, claimId, institutionId } = received.encounter!
  const { claims } = await openYear(context, personId, year)
  const known = claims.get(claimId)
  const payable = received.standing!.covered && (!known || open.has(known.status))
  const accountFen = payable ? await accountPart(context, quote(claims, received, context.world), personId) : 0n
  const command = { type: 'SettleClaim' as const, received, neighbours, payerId: personId, accountFen }
  const use = { payerId: personId, institutionId, amountFen: accountFen }
  return withAccount(context, { personId, year, claimId }, use, command)
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
