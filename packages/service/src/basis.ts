// The basis of an amount: the policy values that were asked for while deciding, interned by signature. A signature's
// content is recorded once, in the same append as the first event that carries it, so that a back-dated value finds
// exactly the amounts it touches.
import { randomUUID } from 'node:crypto'
import { BasisRecorded } from '@jinbao/proto/operations/v1/events.ts'
import { Meta, type Store, type StreamAppend } from '@jinbao/store'
import { eventCodec } from './events.ts'

/** One policy value that was asked for. */
export interface Asked {
  readonly key: string
  readonly asked: string
  readonly place: string
  readonly from: string
  readonly published: string
  readonly day: string
}

const codec = eventCodec({ BasisRecorded })

export class BasisBook {
  readonly #service: string
  readonly #contents: (id: string) => readonly Asked[]
  readonly #recorded = new Set<string>()

  /** `contents` tells what is behind a signature of this process (packages/policy interns them). */
  constructor(service: string, contents: (id: string) => readonly Asked[]) {
    this.#service = service
    this.#contents = contents
  }

  /** Reads which signatures this store holds already. */
  async load(store: Store, known: readonly string[]): Promise<void> {
    for (const id of known) if ((await store.read(this.#stream(id), { limit: 1 })).length > 0) this.#recorded.add(id)
  }

  appendsFor(ids: Iterable<string>): StreamAppend[] {
    const appends: StreamAppend[] = []
    for (const id of ids) {
      if (this.#recorded.has(id)) continue
      const event = {
        type: 'BasisRecorded' as const,
        data: BasisRecorded.create({ basis: id, entries: [...this.#contents(id)] }),
      }
      // ANY: another process of this service may have recorded the same signature; twice is no harm.
      appends.push({
        stream: this.#stream(id),
        expected: 'ANY',
        events: [codec.encode(event, randomUUID(), { [Meta.actor]: this.#service })],
      })
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
