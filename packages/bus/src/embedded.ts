// Inside one process the owner's store is the topic: consumers read it in order, nothing is copied.
import type { Feed, Subscription } from '@jinbao/store'
import { log } from '@jinbao/telemetry'
import type { Bus, Consume, Consumer, Message } from './port.ts'

const FIRST_WAIT_MS = 50
const LONGEST_WAIT_MS = 5_000

export function embeddedBus(storeOf: (source: string) => Feed): Bus {
  const consumers = new Set<Consumer>()
  return {
    async publish() {},
    async consume(consume) {
      const consumer = reading(storeOf(consume.source), consume)
      consumers.add(consumer)
      return {
        close() {
          consumers.delete(consumer)
          return consumer.close()
        },
      }
    },
    async close() {
      await Promise.all([...consumers].map((consumer) => consumer.close()))
    },
  }
}

function reading(store: Feed, { source, group, after, handle }: Consume): Consumer {
  let closed = false
  let subscription: Subscription | undefined
  let wakeUp = () => {}
  const pause = (ms: number) =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms)
      wakeUp = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  const running = (async () => {
    for (let wait = FIRST_WAIT_MS; !closed; wait = Math.min(wait * 2, LONGEST_WAIT_MS)) {
      try {
        const from = await after(0)
        subscription = store.subscribe(from)
        if (closed) return
        let previous = from
        for await (const batch of subscription) {
          const messages: Message[] = []
          for (const event of batch) {
            messages.push({ source, partition: 0, position: event.position, previous, event })
            previous = event.position
          }
          await handle(messages)
          wait = FIRST_WAIT_MS
        }
      } catch (error) {
        log.error({ err: error, source, group }, 'a consumer failed; its messages come again')
        await pause(wait)
      } finally {
        subscription?.close()
      }
    }
  })()
  return {
    async close() {
      closed = true
      subscription?.close()
      wakeUp()
      await running
    },
  }
}
