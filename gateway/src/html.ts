// A page: plain, readable without scripts, in the reader's language.
const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}
export const escaped = (text: string): string => text.replace(/[&<>"']/g, (sign) => escapes[sign] ?? sign)

/** Markup that is safe already. */
class Html {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

export type { Html }

type Part = string | number | undefined | Html | readonly Part[]

const shown = (part: Part): string => {
  if (part instanceof Html) return part.text
  if (Array.isArray(part)) return part.map(shown).join('')
  return part === undefined ? '' : escaped(String(part))
}

export const html = (strings: TemplateStringsArray, ...parts: readonly Part[]): Html =>
  new Html(strings.map((text, i) => text + (i < parts.length ? shown(parts[i]) : '')).join(''))

const style = `
:root { color-scheme: light dark; --line: #8884; --bar: #2a78c8; --bad: #c0392b }
body { font: 16px/1.55 system-ui, sans-serif; max-width: 62rem; margin: 2rem auto; padding: 0 1rem }
h1 { font-size: 1.5rem } h2 { font-size: 1.1rem; margin-top: 2rem }
pre, code { font: 14px/1.5 ui-monospace, monospace } pre { padding: .8rem; border: 1px solid var(--line); overflow: auto }
table { border-collapse: collapse; width: 100% } td, th { text-align: left; padding: .3rem .6rem .3rem 0; border-bottom: 1px solid var(--line) }
nav a { margin-right: 1.2rem } .bar { background: var(--bar); height: .7rem; min-width: 2px } .bad .bar { background: var(--bad) }
.bad { color: var(--bad) } .lane { width: 45% } .num { text-align: right; font-variant-numeric: tabular-nums }
`

export function page(title: string, zh: boolean, body: Html): string {
  const word = (en: string, chinese: string) => (zh ? chinese : en)
  return html`<!doctype html>
<html lang="${zh ? 'zh-CN' : 'en'}">
<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title><style>${new Html(style)}</style>
<nav><a href="/">${word('Start', '首页')}</a><a href="/docs">${word('API reference', '接口文档')}</a><a href="/traces">${word('Traces', '调用追踪')}</a><a href="?lang=${zh ? 'en' : 'zh'}">${zh ? 'English' : '中文'}</a></nav>
<main><h1>${title}</h1>${body}</main>
</html>
`.text
}
