// /openapi.json, and /docs: a reference page that needs no network.
import Fastify, { type FastifyInstance } from 'fastify'

export function docsPages(app: FastifyInstance, openapi: object): void {
  const text = JSON.stringify(openapi)
  app.get('/openapi.json', (_request, reply) =>
    reply.header('content-type', 'application/json; charset=utf-8').header('cache-control', 'no-cache').send(text),
  )
  // The page's script weighs five megabytes: loaded when somebody looks.
  let opening: Promise<FastifyInstance> | undefined
  const serve = async (url: string) => {
    opening ??= open()
    return (await opening).inject({ url })
  }
  const open = async () => {
    const { default: reference } = await import('@scalar/fastify-api-reference')
    const inner = Fastify({ logger: false })
    await inner.register(reference, {
      routePrefix: '/docs',
      // Nothing that would call its maker's servers.
      configuration: {
        url: '/openapi.json',
        withDefaultFonts: false,
        telemetry: false,
        hideClientButton: true,
        showDeveloperTools: 'never',
        agent: { disabled: true },
      },
    })
    return inner
  }
  for (const url of ['/docs', '/docs/', '/docs/*'])
    app.get(url, async (request, reply) => {
      const answer = await serve(request.url)
      const type = answer.headers['content-type']
      if (typeof type === 'string') reply.header('content-type', type)
      if (typeof answer.headers.location === 'string') reply.header('location', answer.headers.location)
      return reply.code(answer.statusCode).send(answer.rawPayload)
    })
}
