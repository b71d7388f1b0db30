import { type Household, HouseholdServiceService } from '@jinbao/proto/identity/v1/household.ts'
import { allow, api, type Context, self } from '@jinbao/service'
import type { HouseholdCommand, HouseholdState } from './domain/household.ts'
import { refuse } from './domain/refusals.ts'
import { currentRecord, recordReads } from './shown.ts'
import { households } from './streams.ts'

function householdOf(state: HouseholdState, day = ''): Household {
  if (state.status === 'none') return refuse('HOUSEHOLD_UNKNOWN')
  const there = ({ from, to }: { from: string; to: string }) => !day || (from <= day && (to === '' || to >= day))
  return { ...state.data, to: state.to, members: state.members.filter(there) }
}

async function change(context: Context, householdId: string, command: HouseholdCommand) {
  const { receipt, state } = await context.handle(households, householdId, command)
  return { receipt, household: householdOf(state) }
}

const office = allow('officer', 'integrator')

export const householdApi = api(
  HouseholdServiceService,
  {
    async registerHousehold(request, context) {
      const { personId: headId } = await currentRecord(context, request.headId)
      const householdId = context.newId('household')
      return change(context, householdId, { type: 'Register', data: { ...request, headId, householdId } })
    },
    async addMember(request, context) {
      const { personId } = await currentRecord(context, request.personId)
      return change(context, request.householdId, { type: 'Add', data: { ...request, personId } })
    },
    removeMember: (data, context) => change(context, data.householdId, { type: 'Remove', data }),
    closeHousehold: ({ householdId, to }, context) => change(context, householdId, { type: 'Close', to }),
    async getHousehold({ householdId, day }, context) {
      const household = householdOf((await context.load(households, householdId)).state, day)
      const ids = [...new Set(household.members.map((one) => one.personId))]
      await recordReads(
        context,
        ids.map((personId) => ({ personId })),
        ['household'],
      )
      return household
    },
    async listHouseholds({ personId }, context) {
      const record = await currentRecord(context, personId)
      await recordReads(context, [{ personId: record.personId, asked: personId }], ['households'])
      const rows = [record.personId, ...record.absorbed].flatMap((id) =>
        context.db.all<{ household_id: string }>('SELECT household_id FROM memberships WHERE person_id = ?', id),
      )
      return { householdIds: [...new Set(rows.map((row) => row.household_id))] }
    },
  },
  {
    registerHousehold: office,
    addMember: office,
    removeMember: office,
    closeHousehold: office,
    getHousehold: allow('officer', 'reviewer', 'supervisor'),
    listHouseholds: [...allow('officer', 'reviewer', 'supervisor'), self((request) => request.personId)],
  },
)
