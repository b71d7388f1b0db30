import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { NewEvent, Store, StoredEvent } from './port.ts'

export const someEvent = (type = 'Happened', data: object = {}): NewEvent => ({
  id: randomUUID(),
  type,
  data: JSON.stringify(data),
  meta: { commandId: randomUUID(), actor: '某人 & co' },
})
export const some = (count: number): NewEvent[] => Array.from({ length: count }, () => someEvent())
export const ids = (events: readonly { id: string }[]): string[] => events.map(({ id }) => id)
export const fresh = (): string => `box-thing-${randomUUID()}`

/** Reads a subscription until it has given `count` events; a pause after each batch makes a slow reader. */
export async function take(
  store: Pick<Store, 'subscribe'>,
  after: bigint | undefined,
  count: number,
  { batch = 1_000, pauseMs = 0 } = {},
): Promise<StoredEvent[]> {
  const subscription = store.subscribe(after, { batch })
  const got: StoredEvent[] = []
  for await (const events of subscription) {
    got.push(...events)
    if (got.length >= count) break
    if (pauseMs > 0) await sleep(pauseMs)
  }
  subscription.close()
  return got
}
