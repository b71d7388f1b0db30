// The rpcs that every service offers to operators: look at streams and the feed, parked events, due work, views.
import { Problem } from '@jinbao/core'
import { OperationsServiceService, type RecordedEvent } from '@jinbao/proto/operations/v1/operations.ts'
import type { Store, StoredEvent } from '@jinbao/store'
import { type Api, allow, api, type Due } from './define.ts'
import type { DueDone } from './due.ts'
import type { Reactions } from './reactions.ts'
import type { Touch } from './touched.ts'
import type { Views } from './views.ts'

export interface OperationsDeps {
  readonly service: string
  readonly store: Store
  readonly views: Views
  readonly reactions: ReadonlyMap<string, Reactions>
  readonly touch: Touch
  readonly dues: readonly Due[]
  readonly runDue: (due: Due, day: string) => Promise<DueDone>
  /** An event of another service by its position, from its feed. */
  readonly feedOf: (source: string, position: bigint) => Promise<StoredEvent | undefined>
}

const PAGE = { default: 100, max: 1_000 }

export function pageSize(asked: number): number {
  if (asked < 0 || asked > PAGE.max)
    throw new Problem('INVALID_ARGUMENT', 'PAGE_SIZE', `page_size must be 1 to ${PAGE.max}`, {
      fields: [{ field: 'page_size', reason: 'OUT_OF_RANGE', message: `1 to ${PAGE.max}` }],
    })
  return asked || PAGE.default
}

export const recorded = (stored: StoredEvent): RecordedEvent => ({
  ...stored,
  version: BigInt(stored.version),
  position: String(stored.position),
  meta: { ...stored.meta },
})

export const storedOf = (event: RecordedEvent): StoredEvent => ({
  ...event,
  version: Number(event.version),
  position: BigInt(event.position),
})

const operators = allow('operator', 'service')

export function operations(deps: OperationsDeps): Api {
  const { service, store, views, reactions } = deps
  return api(
    OperationsServiceService,
    {
      async listStreamEvents({ stream, from, pageSize: size }) {
        const events = await store.read(stream, { from: Number(from), limit: pageSize(size) })
        return { events: events.map(recorded) }
      },
      async listFeed({ after, pageSize: size }) {
        const events = await store.readAll(after === '' ? undefined : BigInt(after), pageSize(size))
        return { events: events.map(recorded) }
      },
      async listParked({ refused }) {
        const all = await Promise.all([...reactions.values()].map((one) => one.parked()))
        return { parked: all.flat().filter((entry) => refused || !entry.refused) }
      },
      async replayParked({ eventId }) {
        for (const [source, one] of reactions)
          if (await one.replay(eventId, (position) => deps.feedOf(source, position))) return { replayed: true }
        throw new Problem('NOT_FOUND', 'NOT_PARKED', `${service} has no parked event ${eventId}`)
      },
      async runDue({ day, name }, { world }) {
        const done: Record<string, bigint> = {}
        const refused: Record<string, bigint> = {}
        for (const due of deps.dues.filter((one) => name === '' || one.name === name)) {
          const result = await deps.runDue(due, day || world.today)
          done[due.name] = BigInt(result.done)
          refused[due.name] = BigInt(result.refused)
        }
        return { done, refused }
      },
      async getPositions() {
        const head = await store.head()
        const seen = [...reactions].map(([source, one]) => [source, one.seen === undefined ? '' : String(one.seen)])
        return {
          head: head === undefined ? '' : String(head),
          views: views.positions(),
          reactions: Object.fromEntries(seen),
        }
      },
      async listTouched({ key, place, from, to, after, pageSize: size }, { world }) {
        const change = { key, place: place || world.place, from, ...(to ? { to } : {}) }
        const page = await deps.touch.page(change, after === '' ? undefined : BigInt(after), pageSize(size))
        const touched = page.events.map(({ id, type, stream, position, meta }) => ({
          eventId: id,
          eventType: type,
          stream,
          position: String(position),
          basis: meta.basis ?? '',
        }))
        return { touched, after: page.after === undefined ? '' : String(page.after) }
      },
      async rebuildViews() {
        const before = views.digests()
        await views.rebuild()
        return { before, after: views.digests() }
      },
    },
    {
      listStreamEvents: operators,
      listFeed: operators,
      listParked: operators,
      replayParked: operators,
      runDue: operators,
      getPositions: operators,
      listTouched: allow('operator', 'supervisor', 'service'),
      rebuildViews: operators,
    },
  )
}
