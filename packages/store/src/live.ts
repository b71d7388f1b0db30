// Catch-up subscriptions over any store that can read by position and tells when it has written.
import { closedProblem } from './checks.ts'
import type { StoredEvent, Subscription } from './port.ts'

const FIRST_BATCH = 64
const BATCH_CHARACTERS = 4_000_000

/** Some events are a thousand times larger than others: a batch is bounded by what it weighs, too. */
function nextLimit(events: readonly StoredEvent[], limit: number, most: number): number {
  const weight = events.reduce((sum, event) => sum + event.data.length, 0)
  if (weight > BATCH_CHARACTERS) return Math.max(1, Math.floor((limit * BATCH_CHARACTERS) / weight))
  return events.length === limit && weight * 2 < BATCH_CHARACTERS ? Math.min(most, limit * 2) : limit
}

type Read = (after: bigint | undefined, limit: number) => Promise<readonly StoredEvent[]>

/** The followers of one store. */
export class Live {
  readonly #waiting = new Set<() => void>()
  #writes = 0
  #closed = false

  /** To be called whenever there may be something new to read. */
  wake(): void {
    this.#writes += 1
    for (const wake of this.#waiting) wake()
    this.#waiting.clear()
  }

  /** Ends all subscriptions. */
  close(): void {
    this.#closed = true
    this.wake()
  }

  /** Reads on from a position until closed; `read` gives what is there. */
  follow(read: Read, after: bigint | undefined, batch: number): Subscription {
    if (this.#closed) throw closedProblem()
    let open = true
    let wake = () => {}
    const going = () => open && !this.#closed
    const unchanged = (writes: number) => writes === this.#writes
    const batches = async function* (this: Live): AsyncGenerator<readonly StoredEvent[]> {
      let position = after
      let limit = Math.min(batch, FIRST_BATCH)
      while (going()) {
        // Noted before reading: a write while reading is not slept through.
        const writes = this.#writes
        const events = await read(position, limit)
        if (!going()) return
        if (events.length > 0) {
          position = events.at(-1)!.position
          limit = nextLimit(events, limit, batch)
          yield events
        } else if (unchanged(writes)) await this.#change((resolve) => (wake = resolve))
      }
    }
    return {
      [Symbol.asyncIterator]: () => batches.call(this),
      close: () => {
        open = false
        this.#waiting.delete(wake)
        wake()
      },
    }
  }

  #change(tell: (wake: () => void) => void): Promise<void> {
    return new Promise((resolve) => {
      tell(resolve)
      this.#waiting.add(resolve)
    })
  }
}
