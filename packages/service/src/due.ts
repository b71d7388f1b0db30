// Time is one more caller: what a day brings is given as orders, in batches, each with an id made of the day, so that
// a second run does nothing more.
import { createHash } from 'node:crypto'
import type { Day } from '@jinbao/core'
import { type Due, type Order, type ReactionContext, serviceActor } from './define.ts'
import type { Handler } from './handle.ts'
import { pack } from './pack.ts'

const BATCH = 500

export interface DueDone {
  readonly done: number
  readonly refused: number
}

export async function runDue(
  service: string,
  handler: Handler,
  due: Due,
  context: ReactionContext,
  day: Day,
): Promise<DueDone> {
  let done = 0
  let refused = 0
  const carryOut = async (orders: Order[]) => {
    const items = orders.map((order) => ({
      order,
      cause: { actor: serviceActor(service), commandId: `due:${due.name}:${day}:${digestOf(order)}` },
    }))
    for (const { handled, problem } of await handler.handleAll(items)) {
      if (problem) refused++
      else if (handled && handled.events.length > 0) done++
    }
    await new Promise((resolve) => setImmediate(resolve))
  }
  let batch: Order[] = []
  // Read first, then write: the orders come from views that the writing changes.
  for (const order of [...due.orders(context, day)]) {
    batch.push(order)
    if (batch.length === BATCH) {
      await carryOut(batch)
      batch = []
    }
  }
  if (batch.length > 0) await carryOut(batch)
  return { done, refused }
}

/** The same order on the same day is the same command; another one for the same stream is not. */
const digestOf = ({ aggregate, id, command }: Order): string =>
  createHash('sha256')
    .update(`${aggregate.name} ${id} ${pack(command)}`)
    .digest('hex')
    .slice(0, 24)
