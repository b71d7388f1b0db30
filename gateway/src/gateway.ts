// The gateway: HTTP and JSON outside, `Transport` inside. It knows no service and no rpc by name; the descriptors do.
import { log } from '@jinbao/telemetry'
import Fastify, { type FastifyInstance } from 'fastify'
import { OPERATIONS, readImage } from './descriptors.ts'
import { docsPages } from './docs.ts'
import { errorHandler, parseJson } from './edge.ts'
import { Guard } from './guard.ts'
import { importRoutes } from './imports/route.ts'
import { openApi } from './openapi.ts'
import { defaultLimits, type GatewayOptions } from './options.ts'
import { pages } from './pages.ts'
import { probes } from './probes.ts'
import { Router } from './router.ts'
import { type RouteTable, serve } from './serve.ts'
import { routeOf } from './transcode.ts'
import { Transports } from './transports.ts'

export interface Gateway {
  readonly app: FastifyInstance
  /** OpenAPI 3.1 document of what is offered. */
  readonly openapi: object
  /** Address it listens on: `http://127.0.0.1:8080`. */
  listen(options: { readonly port: number; readonly host?: string }): Promise<string>
  /** Takes no new connections, lets running requests finish. */
  close(): Promise<void>
}

export async function buildApp(options: GatewayOptions): Promise<{ app: FastifyInstance; openapi: object }> {
  const limits = { ...defaultLimits, ...options.limits }
  const api = readImage(options.image)
  const transports = new Transports(options.transport)
  const offered = api.rpcs.filter(({ service }) => service === OPERATIONS || transports.of(service))
  const routes: RouteTable = new Router()
  for (const rpc of offered)
    for (const binding of rpc.bindings) routes.add(binding.verb, binding.template, routeOf(rpc, binding, api.registry))

  const app = Fastify({
    logger: false,
    bodyLimit: limits.bodyBytes,
    exposeHeadRoutes: false,
    // The OIDC and trace headers of a citizen's browser may be long; more than this Node itself refuses with 431.
    http: { maxHeaderSize: 32 * 1024 },
    requestTimeout: limits.importDeadlineMs,
    forceCloseConnections: 'idle',
    return503OnClosing: true,
    frameworkErrors: (error, request, reply) => errorHandler(error, request, reply),
    ...(options.trustProxy === undefined ? {} : { trustProxy: options.trustProxy }),
  })
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, text, done) => parseJson(text, done))
  app.setErrorHandler(errorHandler)
  app.decorateRequest('settledTrace', '')
  app.decorateRequest('admitted', undefined)

  const openapi = openApi({ ...api, rpcs: offered }, { limits, imports: options.imports ?? [], title: options.title })
  const guard = new Guard(options, limits)
  probes(app, options)
  pages(app, options, offered)
  docsPages(app, openapi)
  await importRoutes(app, { options, limits, guard, transports, api })
  serve(app, { options, limits, guard, transports, routes })
  await app.ready()
  return { app, openapi }
}

export async function openGateway(options: GatewayOptions): Promise<Gateway> {
  const { app, openapi } = await buildApp(options)
  return {
    app,
    openapi,
    async listen({ port, host = '127.0.0.1' }) {
      const address = await app.listen({ port, host })
      log.info({ address }, 'gateway listens')
      return address
    },
    close: () => app.close(),
  }
}
