import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Rpc } from './descriptors.ts'
import { type Html, html, page } from './html.ts'
import type { GatewayOptions } from './options.ts'
import { own, prefersChinese, refusal } from './problem.ts'
import { traceList, tracePage } from './tracePages.ts'

export type Words = (en: string, zh: string) => string

export function show(
  request: FastifyRequest,
  reply: FastifyReply,
  make: (word: Words) => { readonly title: string; readonly body: Html },
): FastifyReply {
  const asked = (request.query as { lang?: unknown }).lang
  const zh = asked === 'zh' || (asked !== 'en' && prefersChinese(request.headers['accept-language']))
  const { title, body } = make((en, chinese) => (zh ? chinese : en))
  return reply
    .header('content-type', 'text/html; charset=utf-8')
    .header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'")
    .header('vary', 'accept-language')
    .send(page(title, zh, body))
}

export function pages(app: FastifyInstance, options: GatewayOptions, rpcs: readonly Rpc[]): void {
  app.get('/', (request, reply) => show(request, reply, (word) => home(word, request, options, rpcs)))
  app.get('/traces', (request, reply) => show(request, reply, (word) => traceList(word, options.spans)))
  app.get<{ Params: { id: string } }>('/traces/:id', (request, reply) =>
    show(request, reply, (word) => tracePage(word, request.params.id, options.spans)),
  )
  app.get<{ Params: { service: string; reason: string } }>('/problems/:service/:reason', (request, reply) =>
    show(request, reply, (word) => problemPage(word, options, request.params)),
  )
}

function home(word: Words, request: FastifyRequest, { title }: GatewayOptions, rpcs: readonly Rpc[]) {
  const base = `${request.protocol}://${request.host}`
  const counts = new Map<string, number>()
  for (const { service } of rpcs) counts.set(service, (counts.get(service) ?? 0) + 1)
  const question = rpcs.find(({ question }) => question)?.bindings[0]
  const command = rpcs.find(({ question }) => !question)?.bindings[0]
  const body = html`
<p>${word(
    'One region of social security: every fact is an event, every amount has its explanation, every refusal its law.',
    '一个统筹地区的社会保险系统：每项事实都是事件，每笔金额都有解释，每次不予办理都有法律依据。',
  )}</p>
<h2>${word('Services', '服务')}</h2>
<table>${[...counts].map(([name, count]) => html`<tr><td>${name}</td><td>${word(`${count} operations`, `${count} 个接口`)}</td></tr>`)}</table>
<h2>${word('Try it', '试一试')}</h2>
<pre>${question ? `curl -H "Authorization: Bearer $TOKEN" \\\n  ${base}${question.template}\n\n` : ''}${
    command
      ? `curl -X ${command.verb} -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' \\\n  -H 'Idempotency-Key: a-key-of-yours' \\\n  '${base}${command.template}?validateOnly=true' -d '{…}'`
      : ''
  }</pre>
<p>${word('All operations with their fields:', '全部接口与字段：')} <a href="/docs">/docs</a>, <a href="/openapi.json">/openapi.json</a></p>`
  return { title: title ?? 'jinbao 金保', body }
}

function problemPage(
  word: Words,
  { catalogue }: GatewayOptions,
  { service, reason }: { service: string; reason: string },
) {
  const list = catalogue && Object.hasOwn(catalogue, service) ? catalogue[service] : undefined
  const entry = list && Object.hasOwn(list, reason) ? list[reason] : undefined
  const ours = service === 'gateway' && Object.hasOwn(own, reason) ? own[reason as keyof typeof own] : undefined
  if (!entry && !ours) throw refusal('ROUTE_UNKNOWN')
  const [en, zh] = entry ? [entry.en, entry.zh] : [ours?.[1] ?? '', ours?.[2] ?? '']
  const body = html`<p lang="zh-CN">${zh}</p><p lang="en">${en}</p>
<table><tr><th>${word('Service', '服务')}</th><td>${service}</td></tr>
${entry ? html`<tr><th>${word('Rule', '规则')}</th><td>${entry.rule}</td></tr><tr><th>${word('Source', '依据')}</th><td>${entry.source}</td></tr>` : ''}</table>`
  return { title: reason, body }
}
