// Facts that a decision needs from elsewhere: the register's view, other streams of this service.
import { createHash } from 'node:crypto'
import type { Month } from '@jinbao/core'
import type { Sex } from '@jinbao/proto/common/v1/common.ts'
import { type ClaimReceived, ClaimStatus, Treatment } from '@jinbao/proto/medical/v1/events.ts'
import type { Bill } from '@jinbao/proto/medical/v1/medical.ts'
import type { Context, ReactionContext } from '@jinbao/service'
import { readCatalogue, shippedCatalogue } from './catalogue.ts'
import { isKnown, type OpenAccount } from './domain/account.ts'
import { checkBill, partsOf, pricedItems } from './domain/bill.ts'
import { refuse } from './domain/refusals.ts'
import { standingOn } from './domain/standing.ts'
import { encounterOf, type OpenYear, type Stay } from './domain/year.ts'
import { accounts, institutions, yearId, years } from './streams.ts'

export const catalogue = readCatalogue(shippedCatalogue)

interface PersonRow {
  readonly birth_month: Month
  readonly sex: Sex
}
type Reads = Pick<ReactionContext, 'db'>

export const personRow = ({ db }: Reads, personId: string): PersonRow | undefined =>
  db.get<PersonRow>('SELECT birth_month, sex FROM people WHERE person_id = ?', personId)

/** The id that remains when records of one person were merged. */
export const survivorOf = ({ db }: Reads, personId: string): string =>
  db.get<{ survivor_id: string }>('SELECT survivor_id FROM aliases WHERE person_id = ?', personId)?.survivor_id ??
  personId

export async function accountOf(context: Context, personId: string): Promise<OpenAccount> {
  const { state } = await context.load(accounts, personId)
  if (state.status === 'aliased') return refuse('ACCOUNT_ALIASED', { survivor: state.survivorId })
  return isKnown(state) ? state : { ...state, personId }
}

export async function institutionOf(context: Context, institutionId: string) {
  const { state } = await context.load(institutions, institutionId)
  return state.status === 'known' ? state : refuse('INSTITUTION_UNKNOWN', { institution: institutionId })
}

export async function openYear(context: Context, personId: string, year: number): Promise<OpenYear> {
  const { state } = await context.load(years, yearId(personId, year))
  return state.status === 'open' ? state : refuse('YEAR_ALIASED', { survivor: state.survivorId })
}

const gone: ReadonlySet<ClaimStatus> = new Set([ClaimStatus.REFUSED, ClaimStatus.REVERSED])

/** Stays of the years beside, which a stay over new year could overlap. */
async function neighboursOf(context: Context, personId: string, year: number): Promise<Stay[]> {
  const beside = await Promise.all([year - 1, year + 1].map((one) => openYear(context, personId, one)))
  return beside.flatMap(({ claims }) =>
    [...claims.values()]
      .filter((one) => !gone.has(one.status))
      .map(encounterOf)
      .filter(({ treatment }) => treatment === Treatment.INPATIENT),
  )
}

/** One id for one bill of an institution: sent again it is the same claim. */
const claimIdOf = ({ institutionId, billNumber }: Bill, part: string) =>
  createHash('sha256')
    .update(JSON.stringify([institutionId, billNumber, part]))
    .digest('hex')
    .slice(0, 20)

export interface Intake {
  readonly year: number
  readonly received: ClaimReceived
  readonly neighbours: readonly Stay[]
}

/** A bill with its classes and standing: one claim, or two where the region splits a stay at new year. */
export async function intakeOf(context: Context, bill: Bill | undefined, manual: boolean): Promise<Intake[]> {
  if (!bill) return refuse('BILL_EMPTY')
  const { world } = context
  checkBill(bill, world.today)
  const institution = await institutionOf(context, bill.institutionId)
  const account = await accountOf(context, bill.personId)
  const parts = partsOf(bill, pricedItems(bill, institution.place, catalogue), world.policyOn(bill.to))
  const law = world.policyOn(world.today)
  const days = manual ? law.value('sla.medical.manualClaim') : undefined
  const dueOn = days ? law.addWorkingDays(world.today, Number(days.n / days.d)) : ''
  const { items: _, ...rest } = bill
  return Promise.all(
    parts.map(async ({ year, from, to, items }) => {
      const claimId = claimIdOf(bill, parts.length > 1 ? String(year) : '')
      elsewhere(context, claimId, bill.personId)
      const encounter = { ...rest, claimId, from, to, manual }
      const standing = standingOn(account, institution, encounter, world)
      const received = { encounter, standing, items: [...items], receivedOn: world.today, dueOn }
      const stay = bill.treatment === Treatment.INPATIENT
      return { year, received, neighbours: stay ? await neighboursOf(context, bill.personId, year) : [] }
    }),
  )
}

/** A number of a bill is used once, whoever the patient is. */
function elsewhere({ db }: Context, claimId: string, personId: string): void {
  const row = db.get<{ person_id: string }>('SELECT person_id FROM claims WHERE claim_id = ?', claimId)
  if (row && row.person_id !== personId) refuse('BILL_ALREADY_CLAIMED')
}
