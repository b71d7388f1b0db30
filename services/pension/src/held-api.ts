// Held contributions: what an account could not take, listed and settled by officers.
import type {
  HeldContribution,
  ListHeldContributionsRequest,
  ListHeldContributionsResponse,
  SettleHeldContributionRequest,
  SettleHeldContributionResponse,
} from '@jinbao/proto/pension/v1/pension.ts'
import { allow, type Context, pageSize } from '@jinbao/service'
import { held } from './streams.ts'

async function list(request: ListHeldContributionsRequest, context: Context): Promise<ListHeldContributionsResponse> {
  const size = pageSize(request.pageSize)
  const rows = context.db.all<{ held_id: string }>(
    "SELECT held_id FROM held WHERE (open = 1 OR ?) AND (person_id = ? OR ? = '') AND held_id > ? ORDER BY held_id LIMIT ?",
    request.settled ? 1 : 0,
    request.personId,
    request.personId,
    request.pageToken,
    size + 1,
  )
  const contributions: HeldContribution[] = []
  for (const { held_id: id } of rows.slice(0, size)) {
    const { state } = await context.load(held, id)
    if (state.status !== 'none') contributions.push({ held: state.held, outcome: state.outcome })
  }
  const open = context.db.get<{ fen: bigint }>('SELECT coalesce(sum(account_fen), 0) AS fen FROM held WHERE open = 1')
  const nextPageToken = rows.length > size ? (rows[size - 1]?.held_id ?? '') : ''
  return { contributions, nextPageToken, openFen: open?.fen ?? 0n }
}

async function settle(data: SettleHeldContributionRequest, context: Context): Promise<SettleHeldContributionResponse> {
  const { receipt, state } = await context.handle(held, data.heldId, { type: 'Settle', data })
  return { receipt, contribution: state.status === 'none' ? undefined : { held: state.held, outcome: state.outcome } }
}

export const heldHandlers = { listHeldContributions: list, settleHeldContribution: settle }
export const heldAccess = {
  listHeldContributions: allow('officer', 'reviewer', 'supervisor', 'service'),
  settleHeldContribution: allow('officer'),
}
