import { MedicalServiceService } from '@jinbao/proto/medical/v1/medical.ts'
import { api } from '@jinbao/service'
import { accountAccess, accountHandlers } from './accounts-api.ts'
import { claimAccess, claimHandlers } from './claims-api.ts'
import { institutionAccess, institutionHandlers } from './institutions-api.ts'

export const medicalApi = api(
  MedicalServiceService,
  { ...claimHandlers, ...accountHandlers, ...institutionHandlers },
  { ...claimAccess, ...accountAccess, ...institutionAccess },
)
