import { defineRefusals } from '@jinbao/core'
import { accountRefusals } from './refusals-account.ts'
import { claimRefusals } from './refusals-claim.ts'

export const { refuse, table: refusals } = defineRefusals('medical', { ...claimRefusals, ...accountRefusals })
