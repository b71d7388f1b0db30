// POST /v1/imports/{kind}: a file of rows, streamed.
import type { Readable } from 'node:stream'
import multipart from '@fastify/multipart'
import { SpanKind, span, traceparent } from '@jinbao/telemetry'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { validateOnly } from '../call.ts'
import type { Api } from '../descriptors.ts'
import { type Caller, setTrace, traceHeaders, traceOf } from '../edge.ts'
import type { Guard } from '../guard.ts'
import { type Json, queryOf, setField, unknownParameter } from '../input.ts'
import type { GatewayOptions, Limits } from '../options.ts'
import { prefersChinese, refusal } from '../problem.ts'
import { type Route, routeOf } from '../transcode.ts'
import type { Transports } from '../transports.ts'
import type { ImportKind } from './kind.ts'
import { csvOf, type Report } from './report.ts'
import { runImport } from './run.ts'
import { spool } from './spool.ts'

export interface Importing {
  readonly options: GatewayOptions
  readonly limits: Limits
  readonly guard: Guard
  readonly transports: Transports
  readonly api: Api
}

type Kinds = ReadonlyMap<string, { readonly kind: ImportKind; readonly route: Route }>

const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'

export async function importRoutes(app: FastifyInstance, importing: Importing): Promise<void> {
  const kinds = kindsOf(importing)
  if (kinds.size === 0) return
  await app.register(async (scope) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser(['text/csv', XLSX], (_request, payload, done) => done(null, payload))
    await scope.register(multipart, { limits: { fileSize: importing.limits.uploadBytes, files: 1, fields: 10 } })
    const callers = new WeakMap<FastifyRequest, Caller>()
    let running = 0
    scope.route<{ Params: { kind: string } }>({
      method: 'POST',
      url: '/v1/imports/:kind',
      bodyLimit: importing.limits.uploadBytes,
      onRequest: async (request, reply) => {
        callers.set(request, await importing.guard.admit(request, reply))
        if (!kinds.has(request.params.kind)) throw refusal('IMPORT_UNKNOWN')
        if (running >= importing.limits.importsAtOnce) throw refusal('OVERLOADED', { retryAfterMs: 5_000 })
      },
      async handler(request, reply) {
        running += 1
        try {
          const caller = callers.get(request) as Caller
          return await receive(importing, kinds, request, reply, request.params.kind, caller)
        } finally {
          running -= 1
        }
      },
    })
  })
}

function kindsOf({ options, api }: Importing): Kinds {
  const kinds = new Map<string, { kind: ImportKind; route: Route }>()
  for (const kind of options.imports ?? []) {
    const rpc = api.rpcs.find(({ path }) => path === kind.rpc)
    if (!rpc) throw new Error(`import ${kind.kind}: there is no rpc ${kind.rpc}`)
    const binding = { verb: 'POST', template: '/', body: '*', responseBody: '' } as const
    kinds.set(kind.kind, { kind, route: routeOf(rpc, binding, api.registry) })
  }
  return kinds
}

async function receive(
  importing: Importing,
  kinds: Kinds,
  request: FastifyRequest,
  reply: FastifyReply,
  name: string,
  caller: Caller,
): Promise<FastifyReply> {
  const { options, limits, transports } = importing
  const { kind, route } = kinds.get(name) as { kind: ImportKind; route: Route }
  const transport = transports.of(route.rpc.service)
  if (!transport) throw refusal('SERVICE_UNKNOWN')
  const { shared, allOrNothing, dry } = parametersOf(route, request)
  const limit = { limit: limits.uploadBytes, workbookLimit: limits.workbookBytes, folder: options.scratch }
  const spooled = await spool(await uploadOf(request), limit)
  const now = options.clock ?? Date.now
  const until = now() + limits.importDeadlineMs
  const abort = new AbortController()
  reply.raw.once('close', () => abort.abort())
  const parent = request.headers.traceparent === undefined ? {} : { parent: traceOf(request) }
  const key = request.headers['idempotency-key']
  let report: Report
  try {
    report = await span(`import ${name}`, { kind: SpanKind.SERVER, ...parent }, async () => {
      const running = traceparent()
      if (running) setTrace(request, running)
      return runImport({
        kind,
        route,
        transport,
        spooled,
        shared,
        call: () => ({
          principal: caller.principal,
          token: caller.token,
          deadline: Math.min(until, now() + limits.maxDeadlineMs),
          signal: abort.signal,
          traceparent: traceOf(request),
        }),
        subject: caller.principal.subject,
        key: typeof key === 'string' ? key : undefined,
        zh: prefersChinese(request.headers['accept-language']),
        allOrNothing,
        validateOnly: dry,
      })
    })
  } finally {
    await spooled.remove()
  }
  return answer(report, request, reply)
}

async function uploadOf(request: FastifyRequest): Promise<Readable> {
  if (!request.isMultipart()) {
    if (request.body === undefined) throw refusal('MEDIA_TYPE_UNKNOWN')
    return request.body as Readable
  }
  const part = await request.file()
  if (!part) throw refusal('FILE_MALFORMED', { fields: [{ field: 'file', reason: 'REQUIRED', message: 'is missing' }] })
  return part.file
}

function parametersOf(route: Route, request: FastifyRequest) {
  const shared: Json = {}
  let allOrNothing = false
  let dry: string | undefined
  const unknown = []
  const [, search = ''] = request.url.split('?', 2)
  for (const [name, texts] of queryOf(search)) {
    if (name === 'allOrNothing') allOrNothing = texts.at(-1) === 'true' || texts.at(-1) === ''
    else if (name === 'validateOnly') dry = texts.at(-1)
    else if (!setField(shared, route.input, name, texts)) unknown.push(unknownParameter(name))
  }
  if (unknown.length > 0) throw refusal('FIELDS_INVALID', { fields: unknown })
  return { shared, allOrNothing, dry: validateOnly(request.headers, dry) }
}

function answer(report: Report, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const nothingDone = report.errors.length > 0 && report.done === 0
  traceHeaders(reply, traceOf(request)).code(nothingDone ? 422 : 200)
  if (/\btext\/csv\b/.test(request.headers.accept ?? ''))
    return reply.header('content-type', 'text/csv; charset=utf-8').send(csvOf(report))
  return reply.header('content-type', 'application/json; charset=utf-8').send(JSON.stringify(report))
}
