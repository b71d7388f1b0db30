import { PensionServiceService } from '@jinbao/proto/pension/v1/pension.ts'
import { api } from '@jinbao/service'
import { accountAccess, accountHandlers } from './accounts-api.ts'
import { claimAccess, claimHandlers } from './claims-api.ts'
import { heldAccess, heldHandlers } from './held-api.ts'
import { survivorAccess, survivorHandlers } from './survivors-api.ts'

export const pensionApi = api(
  PensionServiceService,
  { ...accountHandlers, ...claimHandlers, ...survivorHandlers, ...heldHandlers },
  { ...accountAccess, ...claimAccess, ...survivorAccess, ...heldAccess },
)
