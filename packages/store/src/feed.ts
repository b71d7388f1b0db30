// Another service's events, read over its feed rpc: what a consumer follows where no broker stands between, and what it
// fills a gap from where one does.
import { Live } from './live.ts'
import type { Store, StoredEvent } from './port.ts'

export type Feed = Pick<Store, 'subscribe'>

const RETRY_MS = 1_000

export interface FeedOptions {
  /** Events after a position, in order. */
  readonly read: (after: bigint | undefined, limit: number) => Promise<readonly StoredEvent[]>
  readonly pollMs?: number
  /** Told of every failure to read; reading goes on. */
  readonly failed?: (error: unknown) => void
}

/** Follows by polling; goes on through the owner's absence. */
export function pollingFeed({ read, pollMs = 50, failed = () => {} }: FeedOptions): Feed & { close(): void } {
  const live = new Live()
  const timer = setInterval(() => live.wake(), pollMs)
  timer.unref()
  const patient = async (after: bigint | undefined, limit: number) => {
    try {
      return await read(after, limit)
    } catch (error) {
      failed(error)
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS))
      return []
    }
  }
  return {
    subscribe: (after, { batch = 500 } = {}) => live.follow(patient, after, batch),
    close() {
      clearInterval(timer)
      live.close()
    },
  }
}
