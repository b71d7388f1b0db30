// A small service for tests of transports, here and in packages that stand on them.
import assert from 'node:assert/strict'
import { Problem } from '@jinbao/core'
import { Status } from '@jinbao/proto/google/rpc/status.ts'
import { type DispatchOptions, served } from './dispatch.ts'
import type { Call, Handlers, Principal, Transport } from './port.ts'

const path = <P extends string>(name: P) => ({
  path: `/jinbao.test.v1.EchoService/${name}` as const,
  requestStream: false as const,
  responseStream: false as const,
  requestSerialize: (value: Status): Buffer => Buffer.from(Status.encode(value).finish()),
  requestDeserialize: (bytes: Buffer): Status => Status.decode(bytes),
  responseSerialize: (value: Status): Buffer => Buffer.from(Status.encode(value).finish()),
  responseDeserialize: (bytes: Buffer): Status => Status.decode(bytes),
})

/** A service of the tests; google.rpc.Status is merely a message at hand. */
export const EchoService = { getEcho: path('GetEcho'), sayEcho: path('SayEcho') } as const

export type EchoHandler = (request: Status, call: Call) => Promise<Status>
export const message = (text: string): Status => ({ code: 0, message: text, details: [] })

export const citizen: Principal = { subject: 'u1', roles: ['citizen'], person: 'p1' }

export async function authenticate(token: string): Promise<Principal> {
  if (token !== 'good') throw new Problem('UNAUTHENTICATED', 'TOKEN_INVALID', 'the token is not valid')
  return citizen
}

export const callOf = (extra: Partial<Call> = {}): Call => ({
  principal: citizen,
  token: 'good',
  deadline: Date.now() + 5_000,
  signal: new AbortController().signal,
  ...extra,
})

export type Opened = { readonly transport: Transport; drain(): Promise<void>; close(): Promise<void> }
export type Open = (options: DispatchOptions & { readonly authenticate: typeof authenticate }) => Promise<Opened>

type Setup = Omit<DispatchOptions, 'services' | 'authenticate'>

export async function withEcho(
  open: Open,
  getEcho: EchoHandler,
  work: (transport: Transport, opened: Opened) => Promise<void>,
  setup: Setup = {},
): Promise<void> {
  const handlers: Handlers<typeof EchoService> = { getEcho, sayEcho: getEcho }
  const opened = await open({ services: [served(EchoService, handlers)], authenticate, ...setup })
  try {
    await work(opened.transport, opened)
  } finally {
    await opened.close()
  }
}

export const refused = (code: string, reason: string) => (error: unknown) => {
  assert.ok(error instanceof Problem, `not a Problem: ${error}`)
  assert.deepEqual([error.code, error.reason], [code, reason])
  return true
}
