// gRPC server: the dispatcher on @grpc/grpc-js, with health, reflection, TLS and drain.
import * as fs from 'node:fs'
import * as grpc from '@grpc/grpc-js'
import { Problem } from '@jinbao/core'
import { log } from '@jinbao/telemetry'
import { type Dispatcher, type DispatchOptions, dispatcher, type Served } from './dispatch.ts'
import { incomingOf } from './metadata.ts'
import type { Principal } from './port.ts'
import { encodeStatus, numberOf, platformProblem } from './status.ts'

/** Paths of PEM files; with `ca`, callers must show a certificate it signed. */
export interface ServerTls {
  readonly key: string
  readonly cert: string
  readonly ca?: string
}

export interface ServeOptions extends DispatchOptions {
  readonly authenticate: (token: string) => Promise<Principal>
  /** `127.0.0.1:0` for a free port. */
  readonly address: string
  readonly tls?: ServerTls
  /** Descriptor set of the served protos (proto/gen/image.binpb): switches reflection on. */
  readonly reflectionImage?: string
  /** Connections older than this are closed gracefully, so that clients find new replicas. */
  readonly maxConnectionAgeMs?: number
}

export interface RpcServer {
  /** host:port it listens on. */
  readonly address: string
  /** Calls running now. */
  readonly running: number
  /** What grpc.health.v1 answers, for the whole server and each service. */
  setServing(serving: boolean): void
  /** Takes no new calls, lets the running ones finish until `withinMs`, then closes. */
  drain(withinMs?: number): Promise<void>
}

export async function serveRpc(options: ServeOptions): Promise<RpcServer> {
  const dispatch = dispatcher(options)
  const bytes = dispatch.limits.messageBytes
  const server = new grpc.Server({
    // Twice our own limit: the dispatcher refuses with a reason, the library only stops what is absurd.
    'grpc.max_receive_message_length': bytes * 2,
    'grpc.max_send_message_length': bytes,
    ...(options.maxConnectionAgeMs ? { 'grpc.max_connection_age_ms': options.maxConnectionAgeMs } : {}),
  })
  for (const service of options.services) addService(server, service, dispatch)
  const setServing = await addHealth(server, options.services)
  if (options.reflectionImage) await addReflection(server, options.reflectionImage)
  const port = await bind(server, options)
  return {
    address: `${options.address.slice(0, options.address.lastIndexOf(':'))}:${port}`,
    get running() {
      return dispatch.running
    },
    setServing,
    drain: (withinMs = 25_000) => drain(server, dispatch, setServing, withinMs),
  }
}

const identity = (bytes: Buffer) => bytes

/** One for all: grpc-js says `cancelled` after every call, and an exception of its own for each costs its stack. */
const gone = platformProblem('CANCELLED')

function addService(server: grpc.Server, { definition }: Served, dispatch: Dispatcher): void {
  const service: Record<string, grpc.MethodDefinition<Buffer, Buffer>> = {}
  const handlers: Record<string, grpc.handleUnaryCall<Buffer, Buffer>> = {}
  for (const [name, method] of Object.entries(definition)) {
    service[name] = {
      ...method,
      requestSerialize: identity,
      requestDeserialize: identity,
      responseSerialize: identity,
      responseDeserialize: identity,
    }
    handlers[name] = (call, reply) => answer(dispatch, method.path, call, reply)
  }
  server.addService(service, handlers)
}

function answer(
  dispatch: Dispatcher,
  path: string,
  call: grpc.ServerUnaryCall<Buffer, Buffer>,
  reply: grpc.sendUnaryData<Buffer>,
): void {
  const controller = new AbortController()
  call.on('cancelled', () => controller.abort(gone))
  const run = async () => dispatch.unary(path, call.request, incomingOf(call, controller.signal))
  run().then(
    (response) => reply(null, response),
    (error: unknown) => reply(statusObject(error, path)),
  )
}

function statusObject(error: unknown, path: string): Partial<grpc.StatusObject> {
  if (!(error instanceof Problem)) log.error({ err: error, rpc: path }, 'defect in the rpc server')
  const problem = error instanceof Problem ? error : platformProblem('INTERNAL')
  const metadata = new grpc.Metadata()
  metadata.set('grpc-status-details-bin', encodeStatus(problem))
  return { code: numberOf(problem.code), details: problem.message, metadata }
}

async function addHealth(server: grpc.Server, services: readonly Served[]): Promise<(serving: boolean) => void> {
  const { HealthImplementation } = await import('grpc-health-check')
  const paths = services.flatMap(({ definition }) => Object.values(definition).map(({ path }) => path))
  const names = ['', ...new Set(paths.map((path) => path.split('/')[1] as string))]
  const health = new HealthImplementation(Object.fromEntries(names.map((name) => [name, 'NOT_SERVING'] as const)))
  health.addToServer(server)
  return (serving) => {
    for (const name of names) health.setStatus(name, serving ? 'SERVING' : 'NOT_SERVING')
  }
}

async function addReflection(server: grpc.Server, image: string): Promise<void> {
  const [{ ReflectionService }, { loadFileDescriptorSetFromBuffer }] = await Promise.all([
    import('@grpc/reflection'),
    import('@grpc/proto-loader'),
  ])
  new ReflectionService(loadFileDescriptorSetFromBuffer(fs.readFileSync(image))).addToServer(server)
}

function bind(server: grpc.Server, { address, tls }: ServeOptions): Promise<number> {
  const credentials = tls
    ? grpc.ServerCredentials.createSsl(
        tls.ca ? fs.readFileSync(tls.ca) : null,
        [{ private_key: fs.readFileSync(tls.key), cert_chain: fs.readFileSync(tls.cert) }],
        tls.ca !== undefined,
      )
    : grpc.ServerCredentials.createInsecure()
  return new Promise((resolve, reject) => {
    server.bindAsync(address, credentials, (error, port) => (error ? reject(error) : resolve(port)))
  })
}

async function drain(
  server: grpc.Server,
  dispatch: Dispatcher,
  setServing: (serving: boolean) => void,
  withinMs: number,
): Promise<void> {
  setServing(false)
  const closed = new Promise<void>((done) => server.tryShutdown(() => done()))
  await atMost(withinMs, dispatch.drain())
  // Answers are on their way out; streams of health watchers would stay for ever.
  await atMost(500, closed)
  server.forceShutdown()
}

async function atMost(ms: number, work: Promise<void>): Promise<void> {
  const { promise: late, resolve } = Promise.withResolvers<void>()
  const timer = setTimeout(resolve, ms)
  await Promise.race([work, late])
  clearTimeout(timer)
}
