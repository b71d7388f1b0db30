// gRPC client at bytes level.
import * as fs from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import * as grpc from '@grpc/grpc-js'
import { Problem } from '@jinbao/core'
import { annotate, SpanKind, span, traceparent } from '@jinbao/telemetry'
import { metadataOf } from './metadata.ts'
import type { Call, Transport } from './port.ts'
import { codeOf, decodeStatus, platformProblem } from './status.ts'

export { clientOf } from './typed.ts'

/** Paths of PEM files; `key` and `cert` for mTLS; `serverName` when the address is an IP or another name. */
export interface ClientTls {
  readonly ca?: string
  readonly key?: string
  readonly cert?: string
  readonly serverName?: string
}

export interface GrpcOptions {
  /** `host:port`, or `dns:///host:port` to spread calls over all replicas of a headless service. */
  readonly address: string
  readonly tls?: ClientTls
  /** Token of this service itself, for calls that carry no caller's token. */
  readonly ownToken?: () => Promise<string>
  readonly messageBytes?: number
  /** Tries of a repeatable call while the other side is UNAVAILABLE. */
  readonly attempts?: number
  readonly backoffMs?: number
}

export function grpcTransport(options: GrpcOptions): Transport {
  const bytes = options.messageBytes ?? 16 * 1024 * 1024
  const client = new grpc.Client(options.address, credentials(options.tls), {
    'grpc.max_receive_message_length': bytes,
    'grpc.max_send_message_length': bytes * 2, // the server refuses what is too large, with a reason
    'grpc.enable_retries': 0, // only ours: they know what may be repeated
    'grpc.service_config': JSON.stringify({ loadBalancingConfig: [{ round_robin: {} }] }),
    'grpc.initial_reconnect_backoff_ms': 100,
    'grpc.max_reconnect_backoff_ms': 2_000,
    'grpc.keepalive_time_ms': 30_000,
    ...(options.tls?.serverName ? { 'grpc.ssl_target_name_override': options.tls.serverName } : {}),
  })
  return {
    unary(path, request, call) {
      // Here and not in grpc-js: the caller's budget is checked even when nothing can be sent.
      if (call.signal.aborted) return Promise.reject(asProblem(call.signal.reason))
      // The running span, where there is one, is nearer than the one the Call came with.
      const parent = call.traceparent === undefined || traceparent() ? {} : { parent: call.traceparent }
      const attributes = { 'rpc.system': 'grpc', 'rpc.method': path.slice(1), 'server.address': options.address }
      return span(path.slice(1), { kind: SpanKind.CLIENT, attributes, ...parent }, async () => {
        const ownToken = call.token === undefined ? await options.ownToken?.() : undefined
        return withRetries(options, path, call, () => once(client, path, request, call, ownToken))
      })
    },
    close: async () => client.close(),
  }
}

function credentials(tls: ClientTls | undefined): grpc.ChannelCredentials {
  if (!tls) return grpc.credentials.createInsecure()
  const read = (file: string | undefined) => (file === undefined ? null : fs.readFileSync(file))
  return grpc.credentials.createSsl(read(tls.ca), read(tls.key), read(tls.cert))
}

const identity = (bytes: Buffer) => bytes

function once(
  client: grpc.Client,
  path: string,
  request: Uint8Array,
  call: Call,
  ownToken: string | undefined,
): Promise<Buffer> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>()
  const bytes = Buffer.from(request.buffer, request.byteOffset, request.byteLength)
  const metadata = metadataOf(call, ownToken)
  const options = { deadline: call.deadline }
  const running = client.makeUnaryRequest(path, identity, identity, bytes, metadata, options, (error, response) => {
    call.signal.removeEventListener('abort', cancel)
    if (error) reject(call.signal.aborted ? asProblem(call.signal.reason) : problemFrom(error))
    else resolve(response ?? Buffer.alloc(0))
  })
  const cancel = () => running.cancel()
  call.signal.addEventListener('abort', cancel, { once: true })
  return promise
}

function problemFrom(error: grpc.ServiceError): Problem {
  const details = error.metadata?.get('grpc-status-details-bin')[0]
  if (details instanceof Uint8Array) return decodeStatus(details)
  annotate({ 'jinbao.grpc.details': error.details }) // names hosts and ports: for the trace, not for the caller
  return platformProblem(codeOf(error.code))
}

const asProblem = (reason: unknown) => (reason instanceof Problem ? reason : platformProblem('CANCELLED'))

/** A question, or a command that the other side will recognise when it comes again. */
const repeatable = (path: string, call: Call) => call.commandId !== undefined || /\/(Get|List)[A-Z]\w*$/.test(path)

async function withRetries<T>(options: GrpcOptions, path: string, call: Call, attempt: () => Promise<T>): Promise<T> {
  const attempts = repeatable(path, call) ? (options.attempts ?? 4) : 1
  for (let n = 1; ; n++) {
    try {
      return await attempt()
    } catch (error) {
      if (!(error instanceof Problem) || error.code !== 'UNAVAILABLE' || n >= attempts) throw error
      const longest = error.details.retryAfterMs ?? (options.backoffMs ?? 50) * 2 ** n
      const wait = longest * (0.5 + Math.random() / 2)
      if (Date.now() + wait >= call.deadline) throw error
      annotate({ 'jinbao.attempts': n + 1 })
      await pause(wait, undefined, { signal: call.signal }).catch(() => {
        throw asProblem(call.signal.reason)
      })
    }
  }
}
