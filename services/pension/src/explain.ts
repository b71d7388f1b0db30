// Explanations on request: kept ones are read, mass amounts are computed again from the events before them.
import { Calc, HALF_UP_FEN, label, q, type World, yuan } from '@jinbao/core'
import type { ContributionCredited, InterestPosted } from '@jinbao/proto/pension/v1/events.ts'
import type { ExplainAmountRequest, ExplainAmountResponse } from '@jinbao/proto/pension/v1/pension.ts'
import { type Context, civilDay, type Envelope } from '@jinbao/service'
import { type AccountEvent, type AccountState, accountDecider } from './domain/account.ts'
import { totalOf } from './domain/balances.ts'
import { pageOf } from './domain/book.ts'
import { explainPosting } from './domain/postings.ts'
import { refuse } from './domain/refusals.ts'
import { accounts, claims, survivors } from './streams.ts'

export async function explainAmount(request: ExplainAmountRequest, context: Context): Promise<ExplainAmountResponse> {
  const { eventId, personId, claimId, survivorOf } = request
  if (claimId) return kept(await context.history(claims, claimId), eventId)
  if (survivorOf) return kept(await context.history(survivors, survivorOf), eventId)
  const history = await context.history(accounts, personId)
  const at = history.findIndex(({ id }) => id === eventId)
  const found = history[at]
  if (!found) return refuse('NO_SUCH_AMOUNT', { event: eventId })
  const before = history.slice(0, at).reduce<AccountState>((state, one) => accountDecider.evolve(state, one.event), {
    status: 'none',
  })
  return { type: found.event.type, explanation: JSON.stringify(again(found, before, context)), kept: false }
}

function kept(history: readonly Envelope[], eventId: string): ExplainAmountResponse {
  const found = history.find(({ id }) => id === eventId)
  const explanation = (found?.event.data as { explanation?: string } | undefined)?.explanation
  if (!found || !explanation) return refuse('NO_SUCH_AMOUNT', { event: eventId })
  return { type: found.event.type, explanation, kept: true }
}

function again({ event, recordedAt, id }: Envelope<AccountEvent>, before: AccountState, { world, lawKnown }: Context) {
  const policyOn = lawKnown(civilDay(recordedAt))
  const about = { subject: { person: event.data.personId, event: id }, place: world.place, knownAt: recordedAt }
  switch (event.type) {
    case 'InterestPosted':
      return interest(event.data, before, about, policyOn)
    case 'ContributionCredited':
      return credit(event.data, about, policyOn)
    default:
      return refuse('NO_SUCH_AMOUNT', { event: id })
  }
}

type About = { subject: Record<string, string>; place: string; knownAt: string }

const names = {
  before: label('posted', 'I-5', 'CNY', '此前已记利息', 'interest posted before'),
  difference: label('difference', 'I-5', 'CNY', '本次补记利息', 'interest posted now: the difference'),
  base: label('base', 'C-1', 'CNY', '缴费基数', 'contribution base'),
  credit: label('credit', 'P§2.1', 'CNY', '记入个人账户', 'credited to the account'),
  given: label('credit.given', 'C-12', 'CNY', '征缴核定的记账额', 'credit as collection assessed it'),
}

function interest(data: InterestPosted, before: AccountState, about: About, policyOn: World['policyOn']) {
  if (before.status !== 'open') return refuse('UNKNOWN_ACCOUNT', { person: data.personId })
  const again = explainPosting(before, data, policyOn)
  const day = `${data.year}-12-31`
  if (!again) {
    // A segment that turned out not to be one is taken back whole.
    const calc = Calc.recording()
    return calc.explain({ ...about, day }, { interest: calc.input(names.difference, yuan(data.interestFen), {}) })
  }
  const { calc, interest: due } = again
  if (!data.correction) return calc.explain({ ...about, day }, { interest: due.total })
  const had = totalOf(pageOf(before.book, data.year).posted.get(data.segment)?.parts ?? [])
  const posted = calc.input(names.before, yuan(had), { stream: `pension-account-${data.personId}` })
  return calc.explain({ ...about, day }, { interest: calc.sub(due.total, posted, names.difference) })
}

/** Base by the account's rate where that is the credit; else what collection assessed (a supplement, an old system). */
function credit(data: ContributionCredited, about: About, policyOn: World['policyOn']) {
  const calc = Calc.recording()
  const day = `${data.month}-01`
  const policy = policyOn(day)
  const source = { document: data.receiptId }
  const base = calc.input(names.base, yuan(data.baseFen), source)
  const key = 'contribution.rate.pension.toAccount'
  const byRate = policy.has(key) ? calc.round(calc.mul(base, policy.value(key)), HALF_UP_FEN, names.credit) : undefined
  const amount =
    byRate && q.equal(byRate, yuan(data.accountFen)) ? byRate : calc.input(names.given, yuan(data.accountFen), source)
  return calc.explain({ ...about, day }, { credit: amount })
}
