// Which engines a service's own process runs on, by configuration. Only main.ts uses this.
import * as path from 'node:path'
import { type Bus, embeddedBus } from '@jinbao/bus'
import { Problem } from '@jinbao/core'
import { OperationsServiceService } from '@jinbao/proto/operations/v1/operations.ts'
import { clientOf, type Transport } from '@jinbao/rpc'
import { type Feed, pollingFeed, type Store } from '@jinbao/store'
import { log } from '@jinbao/telemetry'
import { storedOf } from './operations.ts'
import { serviceCall } from './run.ts'

const PAGE = 500

/** `sqlite` in the data folder, or `postgres://…`; an engine that is not used is not even loaded. */
export async function openStore(url: string, service: string, folder: string, clock: () => string): Promise<Store> {
  if (url === 'sqlite') {
    const { openSqliteStore } = await import('@jinbao/store/sqlite.ts')
    return openSqliteStore({ file: path.join(folder, 'events.db'), clock })
  }
  if (/^postgres(ql)?:\/\//.test(url)) {
    const { openPostgresStore } = await import('@jinbao/store/postgres.ts')
    return openPostgresStore({ url, schema: service, clock })
  }
  throw new Problem('INVALID_ARGUMENT', 'BAD_CONFIGURATION', 'JINBAO_STORE is `sqlite` or `postgres://…`')
}

/** Without a broker: each consumer follows the owner's feed rpc. */
export function feedBus(service: string, own: Store, peer: (service: string) => Transport): Bus {
  const feeds = new Map<string, Feed & { close(): void }>()
  const feedOf = (source: string): Feed => {
    if (source === service) return own
    const known = feeds.get(source)
    if (known) return known
    const client = clientOf(OperationsServiceService, peer(source))
    const feed = pollingFeed({
      async read(after, limit) {
        const request = {
          service: source,
          after: after === undefined ? '' : String(after),
          pageSize: Math.min(limit, PAGE),
        }
        const { events } = await client.listFeed(request, serviceCall(service))
        return events.map(storedOf)
      },
      failed: (error) => log.warn({ err: error, source }, 'the feed does not answer; reading on when it does'),
    })
    feeds.set(source, feed)
    return feed
  }
  const bus = embeddedBus(feedOf)
  return {
    ...bus,
    async close() {
      for (const feed of feeds.values()) feed.close()
      await bus.close()
    },
  }
}
