// Interest, the four steps of retiring, and how an amount came about.
import * as fs from 'node:fs'
import type { AnswerOf, Schemas } from '@jinbao/client'
import type { Explanation } from '@jinbao/core'
import { readable } from '@jinbao/core'
import { type Asked, Usage } from '../connection.ts'
import { table, yuanOf } from '../output.ts'
import type { Verb } from '../verb.ts'

export const interest: Verb = {
  usage: 'interest [person]',
  help: 'Post the interest of the years that are over: of one account up to a year, or whatever is due on a day.',
  example: 'interest --day 2026-07-01',
  options: [
    ['--year <year>', 'with a person: last year to post'],
    ['--day <day>', 'without: the day whose due work is done, default today'],
  ],
  async run(asked, [personId], { year, day }) {
    const client = asked.client('officer', 'operator')
    if (personId === undefined) {
      const answer = await client.call('operations.RunDue', { service: 'pension', name: 'interest', day })
      const { interest: accounts = '0' } = answer.done ?? {}
      return asked.say(answer, () => `interest posted on ${accounts} accounts\n`)
    }
    if (!year) throw new Usage('say up to which --year')
    const answer = await client.call('pension.PostInterest', { personId, year: Number(year) })
    asked.say(answer, () => `posted ${yuanOf(answer.interestFen)} yuan, balance ${yuanOf(answer.balanceFen)} yuan\n`)
  },
}

function claimText({ claim }: AnswerOf<'pension.GetClaim'>): string {
  if (!claim) return '(no claim)\n'
  const { award } = claim
  const lines = [`claim ${claim.claimId}: ${claim.status}, retires ${claim.retirementMonth}, due ${claim.dueOn}\n`]
  if (!award) return lines.join('')
  const parts = [
    { component: '基础养老金 basic', 'yuan a month': yuanOf(award.basicFen) },
    { component: '个人账户养老金 account', 'yuan a month': yuanOf(award.accountFen) },
    { component: '过渡性养老金 transitional', 'yuan a month': yuanOf(award.transitionalFen) },
    { component: '加发 additions', 'yuan a month': yuanOf(award.additionsFen) },
    { component: '合计 total', 'yuan a month': yuanOf(award.totalFen) },
  ]
  return [...lines, table(parts), award.provisional ? 'the base is provisional\n' : ''].join('')
}

export const apply: Verb = {
  usage: 'apply <person>',
  help: 'Apply for a pension.',
  example: 'retire apply 7f3kq --group M60',
  options: [
    ['--group <group>', 'M60, F55 or F50', 'M60'],
    ['--kind <kind>', 'STATUTORY, EARLY, DELAYED or EXTENDED', 'STATUTORY'],
    ['--month <month>', 'chosen retirement month'],
    ['--notice <day>', 'day of the written notice'],
  ],
  async run(asked, [personId = ''], { group, kind, month, notice }) {
    const application = {
      group: group as Schemas['pension.RetirementGroup'],
      kind: kind as Schemas['pension.RetirementKind'],
      retirementMonth: month,
      noticeOn: notice,
    }
    const answer = await asked.client('officer').call('pension.ApplyForPension', { personId, application })
    asked.say(answer, () => claimText(answer))
  },
}

const step = (
  name: 'check' | 'decide' | 'approve',
  help: string,
  rpc: 'pension.CheckClaim' | 'pension.DecideClaim' | 'pension.ApproveClaim',
): Verb => ({
  usage: `${name} <claim>`,
  help,
  example: `retire ${name} k2x9m`,
  async run(asked, [claimId = '']) {
    // The second pair of eyes is another person.
    const answer = await asked.client(name === 'approve' ? 'reviewer' : 'officer').call(rpc, { claimId })
    asked.say(answer, () => claimText(answer))
  },
})

export const retireVerbs: readonly Verb[] = [
  apply,
  step('check', 'Check months and minimum against the account.', 'pension.CheckClaim'),
  step('decide', 'Compute and decide the pension.', 'pension.DecideClaim'),
  step('approve', 'Approve it as the second officer.', 'pension.ApproveClaim'),
]

/** The event that recorded the latest decision of a claim: decisions keep their explanation. */
async function decisionOf(asked: Asked, claimId: string): Promise<string> {
  const request = { service: 'pension', stream: `pension-claim-${claimId}`, pageSize: 1_000 }
  const { events } = await asked.client('operator').call('operations.ListStreamEvents', request)
  const decided = events.findLast(({ type }) => type === 'ClaimDecided' || type === 'PensionReassessed')
  if (!decided?.id) throw new Usage(`claim ${claimId} is not decided yet`)
  return decided.id
}

export const explain: Verb = {
  usage: 'explain [event]',
  help: 'How an amount came about, in Chinese and English: of a claim’s decision, a posting on an account, a month’s lines.',
  example: 'explain --claim k2x9m --save award.json && jinbao verify award.json',
  options: [
    ['--claim <claim>', 'the decision of a claim'],
    ['--person <person>', 'with an event: a posting on her account'],
    ['--employer <employer>', 'with --person and --month: what she owes there'],
    ['--month <month>', 'belongs-to month'],
    ['--lang <lang>', 'zh, en or both', 'both'],
    ['--save <file>', 'keep the document for `jinbao verify`'],
  ],
  async run(asked, [event], { claim, person, employer, month, lang, save }) {
    const client = asked.client('officer')
    const explanation =
      employer && person && month
        ? (await client.call('collection.GetLineExplanation', { employerId: employer, personId: person, month }))
            .explanation
        : (
            await client.call('pension.ExplainAmount', {
              eventId: event ?? (claim ? await decisionOf(asked, claim) : missing()),
              claimId: claim,
              personId: claim ? undefined : person,
            })
          ).explanation
    if (save) fs.writeFileSync(save, explanation)
    const document = JSON.parse(explanation) as Explanation
    const languages = (['zh', 'en'] as const).filter((one) => lang === 'both' || lang === one)
    asked.say(document, () => languages.map((one) => readable(document, one)).join('\n'))
  },
}

const missing = (): never => {
  throw new Usage('name an event with --person, or a --claim')
}
