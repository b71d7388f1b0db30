// For the platform, not for people: is it alive, is it ready, how is it doing.
import type { FastifyInstance } from 'fastify'
import type { GatewayOptions } from './options.ts'
import { refusal } from './problem.ts'

export function probes(app: FastifyInstance, { notReady, metrics, issuer }: GatewayOptions): void {
  app.get('/healthz', async () => ({ status: 'ok' }))
  app.get('/readyz', async (_request, reply) => {
    const waitingFor = (await notReady?.()) ?? []
    if (waitingFor.length > 0) reply.code(503).header('retry-after', '1')
    return { status: waitingFor.length > 0 ? 'waiting' : 'ready', waitingFor }
  })
  app.get('/metrics', async (_request, reply) => {
    if (!metrics) throw refusal('ROUTE_UNKNOWN')
    return reply.header('content-type', 'text/plain; version=0.0.4; charset=utf-8').send(await metrics())
  })
  if (!issuer) return
  app.get('/.well-known/jwks.json', async () => issuer.jwks())
  app.get('/.well-known/openid-configuration', async (request) => ({
    issuer: issuer.issuer,
    jwks_uri: `${request.protocol}://${request.host}/.well-known/jwks.json`,
    id_token_signing_alg_values_supported: ['ES256'],
  }))
}
