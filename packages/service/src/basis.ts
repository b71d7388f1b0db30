// The basis of an amount: the policy values that were asked for while deciding, interned by signature. A signature's
// content is recorded once, in the same append as the first event that carries it, so that a back-dated value finds
// exactly the amounts it touches.
import { randomUUID } from 'node:crypto'
import type { Basis } from '@jinbao/policy'
import { BasisRecorded } from '@jinbao/proto/operations/v1/events.ts'
import { Meta, type StreamAppend } from '@jinbao/store'
import { eventCodec } from './events.ts'

const codec = eventCodec({ BasisRecorded })

export class BasisBook {
  readonly #service: string
  readonly #recorded = new Set<string>()

  constructor(service: string) {
    this.#service = service
  }

  /** Appends for the signatures that this process has not seen recorded. */
  appendsFor(bases: Iterable<Basis>): StreamAppend[] {
    const appends: StreamAppend[] = []
    for (const { id, entries } of bases) {
      if (this.#recorded.has(id)) continue
      const data = BasisRecorded.fromPartial({ basis: id, entries: [...entries] })
      const event = codec.encode({ type: 'BasisRecorded', data }, randomUUID(), {
        [Meta.actor]: `service:${this.#service}`,
      })
      // ANY: after a restart the same signature may be recorded again; twice is no harm.
      appends.push({ stream: this.#stream(id), expected: 'ANY', events: [event] })
    }
    return appends
  }

  confirm(appends: readonly StreamAppend[]): void {
    const prefix = this.#stream('')
    for (const { stream } of appends) if (stream.startsWith(prefix)) this.#recorded.add(stream.slice(prefix.length))
  }

  #stream(id: string): string {
    return `${this.#service}-basis-${id}`
  }
}
