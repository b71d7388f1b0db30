// The traces kept in this process: a list, and one drawn as bars on its time.
import type { SpanStore, SpanTree } from '@jinbao/telemetry'
import { html } from './html.ts'
import type { Words } from './pages.ts'
import { refusal } from './problem.ts'

const ms = (value: number) => value.toFixed(value < 10 ? 2 : 0)

export function traceList(word: Words, spans: SpanStore | undefined) {
  const traces = spans?.list(100) ?? []
  const rows = traces.map(
    (trace) => html`<tr class="${trace.errors > 0 ? 'bad' : ''}">
<td><a href="/traces/${trace.traceId}"><code>${trace.traceId.slice(0, 8)}</code></a></td><td>${trace.name}</td>
<td>${new Date(trace.startMs).toISOString()}</td><td class="num">${trace.spans}</td><td class="num">${ms(trace.durationMs)}</td></tr>`,
  )
  const head = html`<tr><th>${word('Trace', '追踪')}</th><th>${word('Began with', '起点')}</th><th>${word('At', '时间')}</th><th class="num">${word('Spans', '步骤')}</th><th class="num">ms</th></tr>`
  const none = spans
    ? word('Nothing yet.', '暂无记录。')
    : word('This process keeps no traces; its collector does.', '本进程不保存追踪，请到采集端查看。')
  return {
    title: word('Recent traces', '最近的调用追踪'),
    body: rows.length > 0 ? html`<table>${head}${rows}</table>` : html`<p>${none}</p>`,
  }
}

interface Line {
  readonly depth: number
  readonly span: SpanTree
}

const flat = (trees: readonly SpanTree[], depth = 0): Line[] =>
  trees.flatMap((span) => [{ depth, span }, ...flat(span.children, depth + 1)])

export function tracePage(word: Words, traceId: string, spans: SpanStore | undefined) {
  const trees = spans?.trace(traceId)
  if (!trees || trees.length === 0) throw refusal('ROUTE_UNKNOWN')
  const lines = flat(trees)
  const start = Math.min(...lines.map(({ span }) => span.startMs))
  const total = Math.max(0.001, ...lines.map(({ span }) => span.startMs + span.durationMs - start))
  const rows = lines.map(({ depth, span }) => {
    const left = (((span.startMs - start) / total) * 100).toFixed(2)
    const width = Math.min(100 - Number(left), (span.durationMs / total) * 100).toFixed(2)
    const noted = Object.entries(span.attributes).map(([name, value]) => `${name}=${String(value)}`)
    return html`<tr class="${span.error ? 'bad' : ''}"><td style="padding-left:${depth}rem" title="${noted.join('\n')}">${span.name}</td>
<td>${span.service}</td><td class="lane"><div class="bar" style="margin-left:${left}%;width:${width}%"></div></td>
<td class="num">${ms(span.durationMs)}</td></tr>`
  })
  const head = html`<tr><th>${word('Step', '步骤')}</th><th>${word('Process', '进程')}</th><th>${word('Time', '时间轴')}</th><th class="num">ms</th></tr>`
  return {
    title: word(`Trace ${traceId.slice(0, 8)}`, `调用追踪 ${traceId.slice(0, 8)}`),
    body: html`<table>${head}${rows}</table>`,
  }
}
