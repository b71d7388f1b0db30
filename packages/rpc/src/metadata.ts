// How a Call travels beside a gRPC request.
import * as grpc from '@grpc/grpc-js'
import { Problem } from '@jinbao/core'
import { traceparent } from '@jinbao/telemetry'
import type { Incoming } from './dispatch.ts'
import type { Call } from './port.ts'

/** Free text (a purpose may be Chinese) as ASCII. */
const ascii = {
  to: encodeURIComponent,
  from(text: string): string {
    if (/%(?![0-9a-f]{2})/i.test(text)) throw new Problem('INVALID_ARGUMENT', 'MALFORMED_METADATA', 'bad metadata')
    return decodeURIComponent(text)
  },
}

export function metadataOf(call: Call, ownToken: string | undefined): grpc.Metadata {
  const metadata = new grpc.Metadata()
  const set = (key: string, value: string | undefined) => {
    if (value !== undefined) metadata.set(key, value)
  }
  const token = call.token ?? ownToken
  set('authorization', token === undefined ? undefined : `Bearer ${token}`)
  set('jinbao-purpose', call.principal.purpose === undefined ? undefined : ascii.to(call.principal.purpose))
  set('jinbao-command-id', call.commandId === undefined ? undefined : ascii.to(call.commandId))
  set('jinbao-command-digest', call.commandDigest)
  set('jinbao-validate-only', call.validateOnly ? 'true' : undefined)
  set('jinbao-at-least', call.atLeast)
  set('traceparent', traceparent() ?? call.traceparent)
  return metadata
}

export function incomingOf(call: grpc.ServerUnaryCall<Buffer, Buffer>, signal: AbortSignal): Incoming {
  const read = (key: string) => call.metadata.get(key)[0]?.toString()
  const bearer = read('authorization')?.match(/^Bearer (.+)$/i)?.[1]
  const deadline = Number(call.getDeadline())
  return {
    signal,
    ...(Number.isFinite(deadline) ? { deadline } : {}),
    ...given('token', bearer),
    ...given('purpose', read('jinbao-purpose'), ascii.from),
    ...given('commandId', read('jinbao-command-id'), ascii.from),
    ...given('commandDigest', read('jinbao-command-digest')),
    ...(read('jinbao-validate-only') === 'true' ? { validateOnly: true } : {}),
    ...given('atLeast', read('jinbao-at-least')),
    ...given('traceparent', read('traceparent')),
  }
}

function given<K extends string>(
  key: K,
  value: string | undefined,
  convert: (text: string) => string = (text) => text,
): { [P in K]?: string } {
  return value === undefined ? {} : ({ [key]: convert(value) } as { [P in K]?: string })
}
