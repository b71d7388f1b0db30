import { CollectionServiceService } from '@jinbao/proto/collection/v1/collection.ts'
import { type Employer, EmployerServiceService, EmployerStatus } from '@jinbao/proto/identity/v1/employer.ts'
import { allow, api, type Context, order, ownEmployer } from '@jinbao/service'
import { checkCode, normaliseCode } from './domain/creditCode.ts'
import type { EmployerCommand, EmployerState, KnownEmployer } from './domain/employer.ts'
import { refusals, refuse } from './domain/refusals.ts'
import { employers, holders } from './streams.ts'

const statusWord = {
  registered: EmployerStatus.REGISTERED,
  active: EmployerStatus.ACTIVE_EMPLOYER,
  dormant: EmployerStatus.DORMANT,
  succeeded: EmployerStatus.SUCCEEDED,
  closing: EmployerStatus.CLOSING,
  closed: EmployerStatus.CLOSED,
  revoked: EmployerStatus.REVOKED,
} as const

const employerOf = ({ status, data, riskClassFrom, deferrals, successorId }: KnownEmployer): Employer => ({
  ...data,
  status: statusWord[status],
  riskClassFrom,
  deferrals: [...deferrals],
  successorId,
})
const shown = (state: EmployerState) => (state.status === 'unknown' ? undefined : employerOf(state))

async function known(context: Context, employerId: string): Promise<KnownEmployer> {
  const { state } = await context.load(employers, employerId)
  return state.status === 'unknown' ? refuse('EMPLOYER_UNKNOWN') : state
}

async function change(context: Context, employerId: string, command: EmployerCommand) {
  const { receipt, state } = await context.handle(employers, employerId, command)
  return { receipt, employer: shown(state) }
}

function acceptCode(raw: string) {
  const checked = checkCode(raw)
  const [first] = checked.errors
  if (first)
    refuse(
      first,
      {},
      checked.errors.map((reason) => ({ field: 'credit_code', reason, message: refusals[reason].en })),
    )
  return checked
}

const holderKey = (code: string) => `code:${code}`

function employees({ db }: Context, employerId: string): number {
  return Number(db.get<{ n: bigint }>('SELECT count(*) AS n FROM staff WHERE employer_id = ?', employerId)?.n ?? 0n)
}

/** Must be true now, so collection is asked: arrears, late fees and fines are settled first (SIAR art. 10). */
async function owedFen(context: Context, employerId: string): Promise<bigint> {
  const collection = context.ask('collection', CollectionServiceService)
  let owed = 0n
  let pageToken = ''
  do {
    const page = await collection.listReceivables({ employerId, pageSize: 1_000, pageToken })
    for (const { openFen } of page.receivables) if (openFen > 0n) owed += openFen
    pageToken = page.nextPageToken
  } while (pageToken)
  return owed
}

const office = allow('officer', 'reviewer')
const own = ownEmployer((request: { employerId: string }) => request.employerId)

export const employerApi = api(
  EmployerServiceService,
  {
    async registerEmployer(request, context) {
      const { code, warnings } = acceptCode(request.creditCode)
      const { holderId } = (await context.load(holders, holderKey(code))).state
      if (holderId) {
        const { data } = await known(context, holderId)
        const { version } = await context.load(employers, holderId)
        const same = (['name', 'place', 'industry', 'riskClass', 'contributesFrom'] as const).every(
          (field) => data[field] === request[field],
        )
        if (!same) refuse('NUMBER_TAKEN', { holder: holderId })
        const receipt = { id: holderId, version: BigInt(version), position: '' }
        return { receipt, employerId: holderId, warnings: [...warnings] }
      }
      const employerId = context.newId('employer')
      const data = { ...request, employerId, creditCode: code }
      const [done] = await context.handleAll([
        order(employers, employerId, { type: 'Register', data }),
        order(holders, holderKey(code), { type: 'Take', holderId: employerId }),
      ])
      return { receipt: done!.receipt, employerId, warnings: [...warnings] }
    },
    changeEmployer: (data, context) => change(context, data.employerId, { type: 'Change', data }),
    async assignCreditCode({ employerId, creditCode }, context) {
      const { code } = acceptCode(creditCode)
      const [done] = await context.handleAll([
        order(employers, employerId, { type: 'AssignCode', creditCode: code }),
        order(holders, holderKey(code), { type: 'Take', holderId: employerId }),
      ])
      return { receipt: done!.receipt, employer: shown(done!.state as EmployerState) }
    },
    suspendContributions: ({ employerId, on }, context) =>
      change(context, employerId, { type: 'Suspend', on, employees: employees(context, employerId) }),
    resumeContributions: ({ employerId, on }, context) => change(context, employerId, { type: 'Resume', on }),
    approveDeferral: (data, context) => change(context, data.employerId, { type: 'Defer', data }),
    async recordSuccession(data, context) {
      const successorKnown = (await context.load(employers, data.successorId)).state.status !== 'unknown'
      return change(context, data.employerId, { type: 'Succeed', data, successorKnown })
    },
    async requestDeregistration({ employerId, on }, context) {
      await known(context, employerId)
      const owed = await owedFen(context, employerId)
      return change(context, employerId, { type: 'RequestDeregistration', on, owedFen: owed })
    },
    async deregisterEmployer({ employerId, on }, context) {
      await known(context, employerId)
      const owed = await owedFen(context, employerId)
      const open = employees(context, employerId)
      return change(context, employerId, { type: 'Deregister', on, owedFen: owed, employees: open })
    },
    revokeLicence: (data, context) => change(context, data.employerId, { type: 'RevokeLicence', data }),
    async getEmployer({ employerId }, context) {
      return employerOf(await known(context, employerId))
    },
    async getEmployerByCode({ creditCode }, context) {
      const { holderId } = (await context.load(holders, holderKey(normaliseCode(creditCode)))).state
      return employerOf(await known(context, holderId || refuse('EMPLOYER_UNKNOWN')))
    },
  },
  {
    registerEmployer: allow('officer', 'integrator'),
    changeEmployer: [...allow('officer', 'integrator'), own],
    assignCreditCode: allow('officer', 'integrator'),
    suspendContributions: [...office, own],
    resumeContributions: [...office, own],
    approveDeferral: allow('reviewer', 'supervisor'),
    recordSuccession: office,
    requestDeregistration: [...office, own],
    deregisterEmployer: allow('reviewer', 'supervisor'),
    revokeLicence: allow('officer', 'integrator'),
    getEmployer: [...allow('officer', 'reviewer', 'supervisor', 'integrator', 'service'), own],
    getEmployerByCode: allow('officer', 'reviewer', 'supervisor', 'integrator', 'service'),
  },
)
