import { isDay, isMonth } from '@jinbao/core'
import type { HospitalLevel } from '@jinbao/proto/medical/v1/events.ts'
import type { Institution, MedicalServiceService } from '@jinbao/proto/medical/v1/medical.ts'
import { type AccessTable, type ApiHandlers, allow, type Context, pageSize } from '@jinbao/service'
import { closings, openLines } from './clearings.ts'
import type { ClearingState } from './domain/clearing.ts'
import { type InstitutionCommand, type InstitutionState, levelOn } from './domain/institution.ts'
import { refuse } from './domain/refusals.ts'
import { catalogue, institutionOf } from './facts.ts'
import { clearings, institutions } from './streams.ts'

type Rpcs =
  | 'designateInstitution'
  | 'rateInstitution'
  | 'endDesignation'
  | 'listInstitutions'
  | 'listCatalogue'
  | 'closeClearing'
  | 'recordClearingPayment'
  | 'getClearing'

const shown = (state: InstitutionState, day: string): Institution | undefined => {
  if (state.status === 'none') return undefined
  const { institutionId, name, place, from, to } = state
  return { institutionId, name, place, from, to, level: levelOn(state, day > from ? day : from) }
}

async function change(context: Context, command: InstitutionCommand) {
  const { receipt, state } = await context.handle(institutions, command.data.institutionId, command)
  return { receipt, institution: shown(state, context.world.today) }
}

const clearingAnswer = (state: ClearingState, remaining = 0) => ({
  receipt: undefined,
  clearing: state.status === 'none' ? undefined : state.clearing,
  paidOn: state.status === 'none' ? '' : state.paidOn,
  remaining,
})

interface Row {
  institution_id: string
  name: string
  level: HospitalLevel
  place: string
  day_from: string
  day_to: string
}

export const institutionHandlers: Pick<ApiHandlers<typeof MedicalServiceService>, Rpcs> = {
  designateInstitution: (data, context) => change(context, { type: 'Designate', data }),
  rateInstitution: (data, context) => change(context, { type: 'Rate', data }),
  endDesignation: (data, context) => change(context, { type: 'End', data }),
  async listInstitutions(request, { db }) {
    const size = pageSize(request.pageSize)
    const rows = db.all<Row>(
      'SELECT * FROM institutions WHERE institution_id > ? ORDER BY institution_id LIMIT ?',
      request.pageToken,
      size + 1,
    )
    const page = rows.slice(0, size)
    return {
      institutions: page.map((row) => ({
        institutionId: row.institution_id,
        name: row.name,
        level: row.level,
        place: row.place,
        from: row.day_from,
        to: row.day_to,
      })),
      nextPageToken: rows.length > size ? (page.at(-1)?.institution_id ?? '') : '',
    }
  },
  async listCatalogue(request, { world }) {
    const size = pageSize(request.pageSize)
    const on = request.on || world.today
    if (!isDay(on)) refuse('BAD_DAY', { field: 'on', value: on })
    const wanted = request.search.toLowerCase()
    const found = catalogue
      .list(request.place || world.place, on)
      .filter(({ entry }) => entry.code > request.pageToken)
      .filter(({ entry: { code, zh, en } }) => `${code} ${zh} ${en}`.toLowerCase().includes(wanted))
    const items = found.slice(0, size).map(({ entry, version }) => ({ ...entry, version }))
    return { items, nextPageToken: found.length > size ? (items.at(-1)?.code ?? '') : '' }
  },
  async closeClearing({ institutionId, month }, context) {
    if (!isMonth(month)) refuse('BAD_MONTH', { field: 'month', value: month })
    await institutionOf(context, institutionId)
    const open = openLines(context, institutionId, month).length
    const [first] = closings(context, institutionId, month, context.world.place)
    if (!first) return clearingAnswer({ status: 'none' })
    const { receipt, state } = await context.handle(clearings, first.id, first.command as never)
    const done = state.status === 'none' ? 0 : state.clearing.lines.length
    return { ...clearingAnswer(state, open - done), receipt }
  },
  async recordClearingPayment({ clearingId, paymentId }, context) {
    const { receipt, state } = await context.handle(clearings, clearingId, { type: 'Pay', clearingId, paymentId })
    return { ...clearingAnswer(state), receipt }
  },
  async getClearing({ clearingId }, context) {
    const { state } = await context.load(clearings, clearingId)
    return state.status === 'none' ? refuse('CLEARING_UNKNOWN', { clearing: clearingId }) : clearingAnswer(state)
  },
}

const anybody = allow('officer', 'reviewer', 'supervisor', 'integrator', 'citizen', 'employer', 'service')

export const institutionAccess: Pick<AccessTable<typeof MedicalServiceService>, Rpcs> = {
  designateInstitution: allow('supervisor', 'officer'),
  rateInstitution: allow('supervisor', 'officer'),
  endDesignation: allow('supervisor', 'officer'),
  listInstitutions: anybody,
  listCatalogue: anybody,
  closeClearing: allow('officer', 'operator', 'service'),
  recordClearingPayment: allow('officer', 'service'),
  getClearing: allow('officer', 'reviewer', 'supervisor', 'integrator', 'service'),
}
