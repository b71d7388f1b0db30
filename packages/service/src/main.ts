// A service as a process of its own: configuration, engines, gRPC, health, drain on SIGTERM.
import * as fs from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Problem } from '@jinbao/core'
import { loadPolicy, shippedPolicy } from '@jinbao/policy'
import type { Transport } from '@jinbao/rpc'
import { grpcTransport } from '@jinbao/rpc/client.ts'
import { serveRpc } from '@jinbao/rpc/server.ts'
import { tokenVerifier } from '@jinbao/rpc/tokens.ts'
import { log } from '@jinbao/telemetry'
import { telemetryConfig } from '@jinbao/telemetry/config.ts'
import { startTelemetry } from '@jinbao/telemetry/start.ts'
import { civilDay, systemClock } from './clock.ts'
import { type Config, describeConfig, readConfig, type Settings, secret, text, whole } from './config.ts'
import type { Service } from './define.ts'
import { feedBus, openStore } from './engines.ts'
import { everyMinutes } from './every.ts'
import { runService } from './run.ts'

const settings = {
  JINBAO_PLACE: text('division code of the region; must be given'),
  JINBAO_DATA: text('folder of views, cached states and, with sqlite, events', 'data'),
  JINBAO_LISTEN: text('host:port for gRPC', '127.0.0.1:50051'),
  JINBAO_PEERS: text('other services: identity=host:port,collection=host:port'),
  JINBAO_POLICY: text('folder of the law', shippedPolicy),
  JINBAO_STORE: secret('event store: sqlite (default) or postgres://user:password@host/database'),
  JINBAO_ISSUER: text('issuer of tokens', 'urn:jinbao:development'),
  JINBAO_AUDIENCE: text('audience of tokens', 'jinbao'),
  JINBAO_JWKS: text('https address or file of the issuer’s keys'),
  JINBAO_TOKEN_FILE: text('file with this service’s own token, read for every call'),
  JINBAO_TLS_KEY: text('PEM file; with JINBAO_TLS_CERT and JINBAO_TLS_CA all gRPC is mutual TLS'),
  JINBAO_TLS_CERT: text('PEM file'),
  JINBAO_TLS_CA: text('PEM file'),
  JINBAO_CONCURRENCY: whole('calls running at once; more are shed', 512, 1),
  JINBAO_DRAIN_MS: whole('how long running calls may take at the end', 25_000),
  JINBAO_DUE_MINUTES: whole('how often due work is looked for; 0: only when asked, by a CronJob', 60),
  JINBAO_QUIET_MS: whole('pause between "not ready" and the end of listening, so that nobody sends here any more', 0),
}

function peersOf(list: string): Map<string, string> {
  const pairs = list
    .split(',')
    .filter(Boolean)
    .map((pair) => pair.trim().split('='))
  for (const [name, address] of pairs)
    if (!name || !address)
      throw new Problem(
        'INVALID_ARGUMENT',
        'BAD_CONFIGURATION',
        `JINBAO_PEERS looks like identity=host:port, not ${list}`,
      )
  return new Map(pairs as [string, string][])
}

/** Runs until SIGTERM or SIGINT. What is wrong with the configuration is said in one line, exit code 2. */
export async function main(service: Service): Promise<void>
/** A service that is made of its data folder and settings of its own. */
export async function main<const S extends Settings>(
  make: (folder: string, config: Config<S>) => Service,
  own: S,
): Promise<void>
export async function main(service: Service | Make, own: Settings = {}): Promise<void> {
  try {
    await run(service, own)
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    process.stderr.write(`${error.reason}: ${error.message}\n`)
    process.exitCode = 2
  }
}

type Make = (folder: string, config: never) => Service

async function run(given: Service | Make, own: Settings): Promise<void> {
  const all = { ...settings, ...own }
  const config = readConfig(all, process.env)
  process.stderr.write(`${describeConfig(all, config)}\n`)
  const telemetry = await startTelemetry(telemetryConfig(process.env))
  const folder = config.JINBAO_DATA
  const service = typeof given === 'function' ? given(folder, config as never) : given
  const policy = loadPolicy(config.JINBAO_POLICY)
  policy.place(config.JINBAO_PLACE)

  const tls = config.JINBAO_TLS_KEY
    ? { key: config.JINBAO_TLS_KEY, cert: config.JINBAO_TLS_CERT, ca: config.JINBAO_TLS_CA }
    : undefined
  const ownToken = config.JINBAO_TOKEN_FILE
    ? { ownToken: async () => (await fs.promises.readFile(config.JINBAO_TOKEN_FILE, 'utf8')).trim() }
    : {}
  const addresses = peersOf(config.JINBAO_PEERS)
  const transports = new Map<string, Transport>()
  const peer = (name: string): Transport => {
    const address = addresses.get(name)
    if (!address) throw new Problem('UNAVAILABLE', 'SERVICE_UNKNOWN', `JINBAO_PEERS names no ${name}`)
    const transport = transports.get(name) ?? grpcTransport({ address, ...(tls ? { tls } : {}), ...ownToken })
    transports.set(name, transport)
    return transport
  }

  const store = await openStore(config.JINBAO_STORE || 'sqlite', service.name, folder, () =>
    systemClock().toString({ smallestUnit: 'millisecond' }),
  )
  const bus = feedBus(service.name, store, peer)
  const running = await runService(service, {
    store,
    bus,
    folder,
    policy,
    place: config.JINBAO_PLACE,
    shared: config.JINBAO_STORE !== '' && config.JINBAO_STORE !== 'sqlite',
    clock: systemClock,
    peer,
  })
  const verify = tokenVerifier({
    issuers: [{ issuer: config.JINBAO_ISSUER, audience: config.JINBAO_AUDIENCE, jwks: config.JINBAO_JWKS }],
  })
  const server = await serveRpc({
    services: running.served,
    authenticate: async (token) => verify(token),
    address: config.JINBAO_LISTEN,
    reflectionImage: fileURLToPath(import.meta.resolve('@jinbao/proto/image.binpb')),
    limits: { concurrency: config.JINBAO_CONCURRENCY },
    ...(tls ? { tls } : {}),
  })
  server.setServing(true)
  log.info({ service: service.name, address: server.address }, 'ready')

  const stopDue = everyMinutes(config.JINBAO_DUE_MINUTES, () => running.due(civilDay(systemClock().toString())))

  await new Promise<void>((resolve) => {
    process.once('SIGTERM', resolve)
    process.once('SIGINT', resolve)
  })
  log.info({ service: service.name }, 'draining')
  server.setServing(false)
  await new Promise((resolve) => setTimeout(resolve, config.JINBAO_QUIET_MS))
  await server.drain(config.JINBAO_DRAIN_MS)
  await stopDue()
  await running.close()
  await bus.close()
  for (const transport of transports.values()) await transport.close()
  await store.close()
  await telemetry.shutdown()
}
