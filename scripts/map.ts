// Makes docs/map.md: who decides what, and who listens to whom, read from the protos and the services' own files.
// `--check` only says whether the page is as it should be.
import * as fs from 'node:fs'
import * as path from 'node:path'
import { root } from './workspaces.ts'

interface Rpc {
  readonly name: string
  readonly route: string
  readonly about: string
}

interface ServiceMap {
  readonly name: string
  readonly streams: readonly string[]
  readonly commands: readonly Rpc[]
  readonly questions: readonly Rpc[]
  readonly events: readonly { name: string; about: string }[]
  readonly reactions: readonly { source: string; type: string }[]
  readonly watches: readonly string[]
}

const unique = <T>(list: readonly T[]): T[] => [...new Set(list)]

function textOf(top: string, pattern: string): string {
  const files = fs.globSync(pattern, { cwd: top }).filter((file) => !file.endsWith('.test.ts'))
  return files
    .sort()
    .map((file) => fs.readFileSync(path.join(top, file), 'utf8'))
    .join('\n')
}

/** First sentence of the comment above a place in a proto file. */
function about(proto: string, index: number): string {
  const above = proto.slice(0, index).trimEnd().split('\n')
  const start = above.findLastIndex((line) => !line.trim().startsWith('//')) + 1
  const text = above
    .slice(start)
    .map((line) => line.trim().replace(/^\/\/ ?/, ''))
    .join(' ')
  return (/^.*?\.(?= [A-Z]|$)/.exec(text)?.[0] ?? text).replaceAll('|', '\\|')
}

function rpcs(proto: string): Rpc[] {
  const starts = [...proto.matchAll(/^ *rpc (\w+)/gm)]
  return starts.map((match, index) => {
    const body = proto.slice(match.index, starts[index + 1]?.index ?? proto.indexOf('\n}', match.index))
    const route = /\b(get|post|put|patch|delete): *"([^"]+)"/.exec(body)
    return {
      name: match[1] ?? '',
      route: route ? `${route[1]?.toUpperCase()} ${route[2]}` : '',
      about: about(proto, match.index),
    }
  })
}

/** Messages of events.proto that are no part of another message. */
function events(proto: string) {
  const messages = [...proto.matchAll(/^message (\w+)/gm)].map((match) => ({
    name: match[1] ?? '',
    about: about(proto, match.index),
  }))
  const isPart = (name: string) =>
    new RegExp(`^ +(repeated |optional )?(map<\\w+, *)?${name}>? \\w+ =`, 'm').test(proto)
  return messages.filter(({ name }) => !isPart(name))
}

export function mapOf(name: string, top: string): ServiceMap {
  const all = rpcs(textOf(top, `proto/jinbao/${name}/v1/*.proto`))
  const isQuestion = ({ name }: Rpc) => /^(Get|List|Search|Find)/.test(name)
  const code = textOf(top, `services/${name}/src/**/*.ts`)
  const reactions =
    textOf(top, `services/${name}/src/reactions*.ts`) + textOf(top, `services/${name}/src/reactions/*.ts`)
  return {
    name,
    streams: unique([...code.matchAll(/\baggregate\(\s*'([\w-]+)'/g)].map((match) => `${name}-${match[1]}-<id>`)),
    commands: all.filter((rpc) => !isQuestion(rpc)),
    questions: all.filter(isQuestion),
    events: events(textOf(top, `proto/jinbao/${name}/v1/*events.proto`)),
    reactions: [...reactions.matchAll(/\bon\(\s*'(\w+)',\s*[\w.]+,\s*'(\w+)'/g)].map((match) => ({
      source: match[1] ?? '',
      type: match[2] ?? '',
    })),
    watches: unique([...code.matchAll(/\bsource: '(\w+)'/g)].map((match) => match[1] ?? '')).filter(
      (other) => other !== name,
    ),
  }
}

const table = (head: readonly string[], rows: readonly (readonly string[])[]) =>
  rows.length === 0
    ? []
    : [
        '',
        `| ${head.join(' | ')} |`,
        `|${' --- |'.repeat(head.length)}`,
        ...rows.map((row) => `| ${row.join(' | ')} |`),
      ]

const code = (text: string) => (text ? `\`${text}\`` : '')

function section(service: ServiceMap): string[] {
  const rpcRow = (rpc: Rpc) => [code(rpc.name), code(rpc.route), rpc.about]
  return [
    ...['', `## ${service.name}`, '', `Streams: ${service.streams.map(code).join(' ') || '–'}`],
    ...(service.watches.length > 0 ? ['', `Keeps views of: ${service.watches.join(', ')}`] : []),
    ...table(['command', 'route', 'what it does'], service.commands.map(rpcRow)),
    ...table(['question', 'route', 'what it answers'], service.questions.map(rpcRow)),
    ...table(
      ['event', 'what happened'],
      service.events.map((event) => [code(event.name), event.about]),
    ),
    ...table(
      ['reacts to', 'of'],
      service.reactions.map((reaction) => [code(reaction.type), reaction.source]),
    ),
  ]
}

export function mapPage(top: string): string {
  const names = fs.globSync('services/*/src/service.ts', { cwd: top }).map((file) => file.split('/')[1] ?? '')
  const services = names.sort().map((name) => mapOf(name, top))
  const arrows = services.flatMap(({ name, reactions, watches }) =>
    unique([...reactions.map(({ source }) => source), ...watches]).map((source) => `  ${source} --> ${name}`),
  )
  return [
    ...[
      '# Map',
      '',
      'Made by `npm run map`; do not edit. An arrow: the one at its point listens to the facts of the other.',
    ],
    ...['', '```mermaid', 'graph LR', ...services.map(({ name }) => `  ${name}`), ...arrows, '```'],
    ...services.flatMap(section),
    '',
  ].join('\n')
}

if (import.meta.main) {
  const page = path.join(root, 'docs/map.md')
  const wanted = mapPage(root)
  const there = fs.existsSync(page) ? fs.readFileSync(page, 'utf8') : ''
  if (there !== wanted && process.argv.includes('--check')) {
    console.log('docs/map.md is not up to date: npm run map')
    process.exitCode = 1
  } else if (there !== wanted) fs.writeFileSync(page, wanted)
}
