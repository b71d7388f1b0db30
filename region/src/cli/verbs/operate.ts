// For operators: streams, views, parked events, due work, tokens.
import { type AnswerOf, ApiProblem, routes } from '@jinbao/client'
import { isRole, localIssuer, roles, Usage } from '../connection.ts'
import { type Row, table } from '../output.ts'
import { Failed, type Verb } from '../verb.ts'

const services = [...new Set(Object.keys(routes).map((name) => name.split('.')[0] ?? ''))].filter(
  (name) => name !== 'operations',
)

/** Asks one service, or each that this region runs (G-08: it may run fewer lines). */
async function each(only: string | undefined, ask: (service: string) => Promise<void>): Promise<void> {
  for (const service of only ? [only] : services)
    try {
      await ask(service)
    } catch (error) {
      const absent = !only && error instanceof ApiProblem && error.reason === 'SERVICE_UNKNOWN'
      if (!absent) throw error
    }
}

export const events: Verb = {
  usage: 'events <service> <stream>',
  help: 'The recorded events of a stream, oldest first.',
  example: 'events pension pension-account-7f3kq',
  async run(asked, [service = '', stream = '']) {
    const client = asked.client('operator')
    const all: AnswerOf<'operations.ListStreamEvents'>['events'][number][] = []
    for (let from = 0; ; from = all.length) {
      const request = { service, stream, from: String(from), pageSize: 1_000 }
      const page = (await client.call('operations.ListStreamEvents', request)).events
      all.push(...page)
      if (page.length < 1_000) break
    }
    asked.say(all, () =>
      all.map(({ version, type, recordedAt, data }) => `${version}  ${recordedAt}  ${type}\n    ${data}\n`).join(''),
    )
  },
}

export const rebuild: Verb = {
  usage: 'rebuild [service]',
  help: 'Throw the views away and build them from the events.',
  example: 'rebuild --verify',
  options: [['--verify', 'fail when a view’s digest is another one afterwards']],
  async run(asked, [only], { verify }) {
    const client = asked.client('operator')
    const rows: Row[] = []
    await each(only, async (service) => {
      const { before = {}, after = {} } = await client.call('operations.RebuildViews', { service })
      for (const [view, digest] of Object.entries(after))
        rows.push({ service, view, digest: String(digest).slice(0, 16), same: before[view] === digest })
    })
    asked.say(rows, () => table(rows))
    if (verify && rows.some(({ same }) => !same)) throw new Failed('a rebuilt view differs')
  },
}

const listParked: Verb = {
  usage: 'list [service]',
  help: 'Events set aside after repeated defects, and refused reactions with --refused.',
  example: 'parked list pension --refused',
  options: [['--refused', 'refused reactions too']],
  async run(asked, [only], { refused }) {
    const client = asked.client('operator')
    const rows: Row[] = []
    await each(only, async (service) => {
      const { parked } = await client.call('operations.ListParked', { service, refused: Boolean(refused) })
      for (const { source, eventType, eventId, reason, message } of parked)
        rows.push({ service, source, type: eventType, event: eventId, reason, message })
    })
    asked.say(rows, () => table(rows))
  },
}

const replay: Verb = {
  usage: 'replay <service> <event>',
  help: 'Handle a parked event again.',
  example: 'parked replay pension 0198c1',
  async run(asked, [service = '', eventId = '']) {
    const answer = await asked.client('operator').call('operations.ReplayParked', { service, eventId })
    asked.say(answer, () => (answer.replayed ? 'handled\n' : 'parked again\n'))
    if (!answer.replayed) throw new Failed('the event is parked again')
  },
}

export const parkedVerbs = [listParked, replay]

export const due: Verb = {
  usage: 'due [day]',
  help: 'Do what is due on a day, default today: reminders, deadlines, interest, payments. Twice does nothing more.',
  example: 'due 2026-08-10',
  options: [['--service <service>', 'of one service only']],
  async run(asked, [day], { service: only }) {
    const client = asked.client('operator')
    const rows: Row[] = []
    await each(only, async (service) => {
      const { done = {}, refused = {} } = await client.call('operations.RunDue', { service, day })
      for (const [work, count] of Object.entries(done))
        rows.push({ service, work, done: count, refused: refused[work] ?? '0' })
    })
    asked.say(rows, () => table(rows))
  },
}

export const token: Verb = {
  usage: 'token <role>',
  help: `Mint a token of the development issuer: ${roles.join(', ')}.`,
  example: 'token officer --subject li.ming',
  options: [
    ['--subject <subject>', 'who it is for; default the role'],
    ['--person <person>', 'opaque id a citizen’s token is for'],
    ['--employer <employer>', 'opaque id an employer’s token is for'],
    ['--hours <hours>', 'how long it is good', '12'],
  ],
  async run(asked, [role = ''], { subject, person, employer, hours }) {
    if (!isRole(role)) throw new Usage(`a role is one of ${roles.join(', ')}`)
    const grant = {
      subject: subject ?? role,
      roles: [role],
      ttlSeconds: Number(hours) * 3_600,
      ...(person ? { person } : {}),
      ...(employer ? { employer } : {}),
    }
    const minted = await (await localIssuer(asked.globals)).mint(grant)
    asked.say({ token: minted }, () => `${minted}\n`)
  },
}
