import * as path from 'node:path'
import { defineService, type Service } from '@jinbao/service'
import { identityApis } from './api.ts'
import { refusals } from './domain/refusals.ts'
import { dues, reactions } from './reactions.ts'
import { type IdentityOptions, records } from './records.ts'
import { loadRegionKeys } from './regionKeys.ts'
import { cards, employers, holders, households, merges, persons, reads } from './streams.ts'
import { type KeyVault, sqliteVault } from './vault.ts'
import { lookups, lostCards, memberships, staff } from './views.ts'

export type { IdentityOptions, KeyVault }
export { loadRegionKeys, sqliteVault }

export const identityService = (options: IdentityOptions): Service =>
  defineService({
    name: 'identity',
    authority: 'HUMAN_RESOURCES',
    aggregates: [persons, holders, reads, merges, employers, households, cards],
    apis: identityApis(records(options)),
    views: [lookups, lostCards, memberships, staff],
    reactions,
    dues,
    refusals,
  })

/** The service with its keys in a folder: `region.key` and `keys.db`. Close the vault after the service. */
export function openIdentity(
  folder: string,
  { regionKey = '', allowSyntheticIds = false }: { regionKey?: string; allowSyntheticIds?: boolean } = {},
): { service: Service; vault: KeyVault } {
  const { wrapKey, indexKey } = loadRegionKeys(folder, regionKey)
  const vault = sqliteVault(path.join(folder, 'keys.db'), wrapKey)
  return { service: identityService({ vault, indexKey, allowSyntheticIds }), vault }
}
