import { aggregate } from '@jinbao/service'
import { accountDecider, accountEvents } from './domain/account.ts'
import { claimDecider, claimEvents } from './domain/claim.ts'
import { heldDecider, heldEvents } from './domain/held.ts'
import { survivorDecider, survivorEvents } from './domain/survivor-claim.ts'

/** `pension-account-<person id>` */
export const accounts = aggregate('account', accountEvents, accountDecider)
/** `pension-claim-<id>` */
export const claims = aggregate('claim', claimEvents, claimDecider)
/** `pension-survivor-<person id>` of the person who died */
export const survivors = aggregate('survivor', survivorEvents, survivorDecider)
/** `pension-held-<receipt>.<person>.<month>` */
export const held = aggregate('held', heldEvents, heldDecider)
