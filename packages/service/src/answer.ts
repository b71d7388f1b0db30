// Between the wire and a handler: access, read-your-writes, one answer for one command.
import { type Actor, type Day, type PolicyOn, Problem, type World } from '@jinbao/core'
import {
  type Call,
  type Client,
  clientOf,
  type Definition,
  type Principal,
  type Served,
  type Transport,
} from '@jinbao/rpc'
import type { Store } from '@jinbao/store'
import type { ReadDb } from './db.ts'
import type { Api, Asking, Context, Grant, Handled, Service } from './define.ts'
import type { Cause, Handler } from './handle.ts'
import type { Answers } from './idempotency.ts'
import { opaqueId } from './run.ts'
import type { States } from './states.ts'
import type { Views } from './views.ts'

export interface AnswerDeps {
  readonly service: Service
  readonly handler: Handler
  readonly states: States
  readonly answers: Answers
  readonly views: Views
  readonly viewDb: ReadDb
  readonly store: Store
  readonly worldFor: (actor: Actor) => World
  readonly lawKnown: (at: Day) => PolicyOn
  readonly peer: (service: string) => Transport
}

/** Questions are named Get… or List…; every other rpc is a command. */
export const isQuestion = (rpc: string) => /^(get|list)/i.test(rpc)

export function answering(one: Api, deps: AnswerDeps): Served {
  const handlers: Record<string, (request: unknown, call: Call) => Promise<unknown>> = {}
  for (const [rpc, method] of Object.entries(one.definition)) {
    const handle = one.handlers[rpc]!
    const grants = one.access[rpc]!
    const perform = async (request: unknown, context: Context) => {
      await permit(rpc, grants, request, context)
      return handle(request as never, context)
    }
    handlers[rpc] = async (request, call) => {
      const context = contextOf(call, deps)
      await seen(call, deps)
      const { commandId } = call
      if (isQuestion(rpc) || !commandId || call.validateOnly) return perform(request, context)
      const bytes = await deps.answers.once(commandId, call.commandDigest ?? '', context.world.now, async () =>
        method.responseSerialize((await perform(request, context)) as never),
      )
      return method.responseDeserialize(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength))
    }
  }
  return { definition: one.definition, handlers }
}

async function permit(rpc: string, grants: readonly Grant<never>[], request: unknown, context: Context): Promise<void> {
  const { principal } = context.call
  for (const { role, only } of grants)
    if (principal.roles.includes(role) && (!only || (await only(request as never, principal, context)))) return
  throw new Problem('PERMISSION_DENIED', 'NOT_ALLOWED', `${describe(principal)} may not call ${rpc} here`, {
    zh: '无权办理此业务或查看此记录',
    service: 'jinbao',
  })
}

const describe = ({ roles }: Principal) => `a caller with ${roles.length > 0 ? `role ${roles.join(', ')}` : 'no role'}`

/** Waits until the views include what the caller has seen. */
async function seen({ atLeast, signal }: Call, { service, views }: AnswerDeps): Promise<void> {
  for (const part of atLeast?.split(',') ?? []) {
    const [source, position] = part.trim().split(':')
    if (!source || !/^\d+$/.test(position ?? ''))
      throw new Problem('INVALID_ARGUMENT', 'BAD_POSITION', 'a position looks like pension:1234', {
        fields: [
          { field: 'jinbao-at-least', reason: 'MALFORMED', message: 'service:position, as answered by a command' },
        ],
      })
    if (service.views.some((view) => (view.source ?? service.name) === source))
      await views.caughtUp(source, BigInt(position!), signal)
  }
}

function contextOf(call: Call, deps: AnswerDeps): Context {
  const actor: Actor = { subject: call.principal.subject, roles: call.principal.roles }
  const world = deps.worldFor(actor)
  const { handler, states, store, service } = deps
  let orders = 0
  let ids = 0
  const commandId = call.commandId ?? opaqueId(undefined, 'command')
  const cause = (): Cause => {
    const id = orders++ === 0 ? commandId : `${commandId}:${orders}`
    return {
      actor,
      commandId: id,
      now: world.now,
      ...(call.commandDigest ? { commandDigest: call.commandDigest } : {}),
      ...(call.validateOnly ? { validateOnly: true } : {}),
    }
  }
  return {
    call,
    world,
    db: deps.viewDb,
    handle: async (of, id, command) => (await handler.handle({ aggregate: of, id, command }, cause())) as never,
    async handleAll(list) {
      const outcomes = await handler.handleAll(
        list.map((order) => ({ order, cause: cause() })),
        undefined,
        true,
      )
      const problem = outcomes.find((outcome) => outcome.problem)?.problem
      if (problem) throw problem
      return outcomes.map((outcome) => outcome.handled as Handled<unknown, { type: string }>)
    },
    async load(of, id) {
      const { state, version } = await states.load(of, `${service.name}-${of.name}-${id}`)
      return { state: state as never, version }
    },
    async history(of, id, knownAt) {
      const until = knownAt ? Date.parse(knownAt) : Number.POSITIVE_INFINITY
      const known = (await store.read(`${service.name}-${of.name}-${id}`)).filter(
        (stored) => Date.parse(stored.recordedAt) <= until,
      )
      return known.map((stored) => of.codec.decode(stored))
    },
    lawKnown: deps.lawKnown,
    newId: (kind) => opaqueId(`${commandId} ${ids++}`, kind),
    ask: <D extends Definition>(name: string, definition: D): Asking<D> =>
      passing(clientOf(definition, deps.peer(name)), call),
  }
}

/** A client whose calls are made in the name of the caller at hand: same token, same deadline, no command id. */
function passing<D extends Definition>(
  client: Client<D>,
  { commandId: _, commandDigest: __, atLeast: ___, ...call }: Call,
): Asking<D> {
  const bound: Record<string, (request: never) => Promise<unknown>> = {}
  for (const name of Object.keys(client))
    bound[name] = (request) => (client[name] as (r: never, c: Call) => Promise<unknown>)(request, call)
  return bound as unknown as Asking<D>
}
