import { IdentityServiceService } from '@jinbao/proto/identity/v1/identity.ts'
import { type Api, allow, api, self } from '@jinbao/service'
import { cardApi } from './cards-api.ts'
import { employerApi } from './employers-api.ts'
import { householdApi } from './households-api.ts'
import { mergeApi } from './merges-api.ts'
import { personHandlers } from './persons-api.ts'
import { personQuestions } from './questions-api.ts'
import type { Records } from './records.ts'

const office = allow('officer', 'reviewer', 'supervisor')
const own = self((request: { personId: string }) => request.personId)

const personApi = (book: Records): Api =>
  api(
    IdentityServiceService,
    { ...personHandlers(book), ...personQuestions(book) },
    {
      registerPerson: allow('officer', 'integrator'),
      changeNumber: allow('officer', 'integrator'),
      correctPerson: allow('officer'),
      approveCorrection: allow('reviewer', 'supervisor'),
      changeContact: [...allow('officer', 'integrator'), own],
      reportDeath: allow('officer', 'integrator'),
      revokeDeath: allow('officer'),
      approveDeathRevocation: allow('reviewer', 'supervisor'),
      declareMissing: allow('officer', 'integrator'),
      endMissing: allow('officer', 'integrator'),
      forgetPerson: allow('supervisor'),
      approveForgetting: allow('supervisor'),
      declineProposal: allow('reviewer', 'supervisor'),
      getPerson: [...office, own],
      getPersonByNumber: office,
      listPersonsByNameAndBirth: office,
      getPersonId: [...office, ...allow('employer', 'integrator')],
      getPersonFacts: [...office, ...allow('service'), own],
      listReads: [...allow('supervisor'), own],
      listSuspectedDuplicates: office,
    },
  )

export const identityApis = (book: Records): readonly Api[] => [
  personApi(book),
  mergeApi,
  employerApi,
  cardApi,
  householdApi,
]
