// A token bucket for each caller: so many requests a second, and a burst after a pause.
export interface Spent {
  readonly allowed: boolean
  readonly remaining: number
  /** Milliseconds until a request is possible again (refused) or the bucket is full (allowed). */
  readonly waitMs: number
}

interface Bucket {
  level: number
  at: number
}

export class Buckets {
  readonly #perMs: number
  readonly #burst: number
  readonly #capacity: number
  /** In order of last use, so that the longest idle is forgotten first. */
  readonly #buckets = new Map<string, Bucket>()

  constructor(perSecond: number, burst: number, capacity = 100_000) {
    this.#perMs = perSecond / 1000
    this.#burst = Math.max(1, burst)
    this.#capacity = capacity
  }

  get burst(): number {
    return this.#burst
  }

  /** Takes `cost` from the caller's bucket; 0 only looks. */
  spend(caller: string, now: number, cost = 1): Spent {
    const bucket = this.#bucket(caller, now)
    if (bucket.level < Math.max(1, cost))
      return { allowed: false, remaining: 0, waitMs: Math.ceil((1 - bucket.level) / this.#perMs) }
    bucket.level -= cost
    return {
      allowed: true,
      remaining: Math.trunc(bucket.level),
      waitMs: Math.ceil((this.#burst - bucket.level) / this.#perMs),
    }
  }

  #bucket(caller: string, now: number): Bucket {
    const bucket = this.#buckets.get(caller)
    if (bucket) {
      bucket.level = Math.min(this.#burst, bucket.level + Math.max(0, now - bucket.at) * this.#perMs)
      bucket.at = now
      return bucket
    }
    if (this.#buckets.size >= this.#capacity) {
      const oldest = this.#buckets.keys().next().value
      if (oldest !== undefined) this.#buckets.delete(oldest)
    }
    const made = { level: this.#burst, at: now }
    this.#buckets.set(caller, made)
    return made
  }
}
