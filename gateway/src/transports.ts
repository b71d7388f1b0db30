import type { Transport } from '@jinbao/rpc'

/** Asks the composer once for each service. */
export class Transports {
  readonly #find: (service: string) => Transport | undefined
  readonly #known = new Map<string, Transport>()

  constructor(find: (service: string) => Transport | undefined) {
    this.#find = find
  }

  of(service: string): Transport | undefined {
    const known = this.#known.get(service)
    if (known) return known
    const found = /^[a-z][a-z0-9_]{0,40}$/.test(service) ? this.#find(service) : undefined
    if (found) this.#known.set(service, found)
    return found
  }
}
