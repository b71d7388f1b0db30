// The gateway as a process of its own: services over gRPC, tokens of any OIDC issuer.
import * as fs from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Problem } from '@jinbao/core'
import type { Call, Transport } from '@jinbao/rpc'
import { grpcTransport } from '@jinbao/rpc/client.ts'
import { type Issuer, tokenVerifier } from '@jinbao/rpc/tokens.ts'
import { log, startTelemetry, telemetryConfig, telemetryOff } from '@jinbao/telemetry'
import { describeConfig, type GatewayConfig, readConfig } from './config.ts'
import { devIssuer } from './devIssuer.ts'
import { openGateway } from './gateway.ts'

export async function startGateway(config: GatewayConfig): Promise<{ address: string; close: () => Promise<void> }> {
  const telemetry = await startTelemetry(telemetryConfig(process.env, { ...telemetryOff, service: 'gateway' }))
  const transports = new Map<string, Transport>()
  for (const [name, address] of config.services)
    transports.set(name, grpcTransport({ address, ...(config.tls ? { tls: config.tls } : {}) }))
  const dev = config.devIssuer === undefined ? undefined : await devIssuer({ folder: config.devIssuer })
  const issuers: Issuer[] = [...(config.oidc ? [config.oidc] : []), ...(dev ? [dev.trust()] : [])]
  const image = config.image || fileURLToPath(import.meta.resolve('@jinbao/proto/image.binpb'))
  const gateway = await openGateway({
    transport: (service) => transports.get(service),
    image: fs.readFileSync(image),
    authenticate: tokenVerifier({ issuers }),
    limits: config.limits,
    trustProxy: config.trustProxy,
    notReady: () => notReady(transports),
    ...(dev ? { issuer: dev } : {}),
    ...(config.title === undefined ? {} : { title: config.title }),
    ...(telemetry.spans ? { spans: telemetry.spans } : {}),
    ...(telemetry.prometheus ? { metrics: telemetry.prometheus } : {}),
  })
  const address = await gateway.listen({ port: config.port, host: config.host })
  if (dev) log.warn('the development issuer is on: whoever has its key file is everybody')
  const close = async () => {
    await gateway.close()
    await Promise.all([...transports.values()].map((transport) => transport.close()))
    await telemetry.shutdown()
  }
  return { address, close }
}

const SERVING = 1

/** Services whose grpc.health.v1 does not say SERVING. */
async function notReady(transports: ReadonlyMap<string, Transport>): Promise<string[]> {
  const states = [...transports].map(async ([name, transport]) => {
    const call: Call = {
      principal: { subject: 'gateway', roles: ['service'] },
      deadline: Date.now() + 1_000,
      signal: AbortSignal.timeout(1_000),
    }
    try {
      const answer = await transport.unary('/grpc.health.v1.Health/Check', new Uint8Array(), call)
      return answer[1] === SERVING ? [] : [name]
    } catch (error) {
      if (error instanceof Problem) return [name]
      throw error
    }
  })
  return (await Promise.all(states)).flat()
}

async function main(): Promise<void> {
  let config: GatewayConfig
  try {
    config = readConfig(process.env)
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n\n${describeConfig(process.env)}\n`)
    process.exitCode = 2
    return
  }
  process.stdout.write(`${describeConfig(process.env)}\n`)
  const { address, close } = await startGateway(config)
  process.stdout.write(`gateway at ${address}\n`)
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void close())
}

if (import.meta.main) await main()
