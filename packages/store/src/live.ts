// Catch-up subscriptions over any store that can read by position and tells when it has written.
import type { StoredEvent, Subscription } from './port.ts'

export class Wakers {
  readonly #waiting = new Set<() => void>()

  wake(): void {
    for (const wake of this.#waiting) wake()
    this.#waiting.clear()
  }
  wait(): Promise<void> {
    return new Promise((resolve) => this.#waiting.add(resolve))
  }
}

const FIRST_BATCH = 64
const BATCH_CHARACTERS = 4_000_000

/** Chunk events can be a thousand times larger than others: the batch is bounded by what it weighs, too. */
function nextLimit(events: readonly StoredEvent[], limit: number, most: number): number {
  const weight = events.reduce((sum, event) => sum + event.data.length, 0)
  if (weight > BATCH_CHARACTERS) return Math.max(1, Math.floor((limit * BATCH_CHARACTERS) / weight))
  return events.length === limit && weight * 2 < BATCH_CHARACTERS ? Math.min(most, limit * 2) : limit
}

/** Reads on from a position for ever; `read` gives what is there, `wakers` tells when there may be more. */
export function follow(
  read: (after: bigint | undefined, limit: number) => Promise<readonly StoredEvent[]>,
  wakers: Wakers,
  after: bigint | undefined,
  batch: number,
): Subscription {
  let closed = false
  let position = after
  let limit = Math.min(batch, FIRST_BATCH)
  async function* batches(): AsyncGenerator<readonly StoredEvent[]> {
    while (!closed) {
      // Registered before reading: a write between the two still wakes.
      const more = wakers.wait()
      const events = await read(position, limit)
      if (closed) return
      if (events.length === 0) {
        await more
        continue
      }
      position = events.at(-1)!.position
      limit = nextLimit(events, limit, batch)
      yield events
    }
  }
  return {
    [Symbol.asyncIterator]: batches,
    close() {
      closed = true
      wakers.wake()
    },
  }
}
