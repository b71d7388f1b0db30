import type { StoredEvent } from './port.ts'

const KEPT_EVENTS = 8_192
const KEPT_CHARACTERS = 8_000_000

/**
 * The newest events as objects, so that live readers share them instead of each reading the rows again. For stores
 * that number positions without gaps.
 */
export class Tail {
  #events: StoredEvent[] = []
  #first = 0
  #characters = 0

  push(events: readonly StoredEvent[]): void {
    for (const event of events) {
      this.#events.push(event)
      this.#characters += event.data.length
    }
    while (this.#events.length - this.#first > KEPT_EVENTS || this.#characters > KEPT_CHARACTERS) {
      this.#characters -= this.#events[this.#first]!.data.length
      this.#first += 1
    }
    // Thrown away in bulk: taking one from the front moves all the others.
    if (this.#first > KEPT_EVENTS) {
      this.#events = this.#events.slice(this.#first)
      this.#first = 0
    }
  }

  /** Undefined when the answer reaches further back than what is kept. */
  after(position: bigint, limit: number): readonly StoredEvent[] | undefined {
    const first = this.#events[this.#first]
    if (!first || position + 1n < first.position) return undefined
    const from = this.#first + Number(position + 1n - first.position)
    return this.#events.slice(from, from + limit)
  }
}
