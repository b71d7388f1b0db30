// A man retires (EX-7): four eyes, the explanation in two languages, the separate verifier, and a falsified number.
import { type Explanation, readable } from '@jinbao/core'
import { type Stage, verified, yuan } from './stage.ts'

const EX7 = [
  ['basic', 'basicFen', '3931.66'],
  ['account', 'accountFen', '1363.72'],
  ['transitional', 'transitionalFen', '0.00'],
  ['total', 'totalFen', '5295.38'],
] as const

export async function retirement(stage: Stage, personId: string): Promise<void> {
  stage.say('\n### A pension: applied for, checked, decided by one officer, approved by a second\n')
  stage.day('2026-07-22')
  const application = { group: 'M60', kind: 'STATUTORY' } as const
  const { claim } = await stage.officer.call('pension.ApplyForPension', { personId, application })
  const claimId = claim?.claimId ?? ''
  await stage.officer.call('pension.CheckClaim', { claimId })
  await stage.officer.call('pension.DecideClaim', { claimId })
  const approved = (await stage.reviewer.call('pension.ApproveClaim', { claimId })).claim
  await stage.settle()
  const { award } = approved ?? {}
  stage.say(`  孙国栋, retires ${approved?.retirementMonth}, ${award?.years} years, index ${award?.averageIndex}`)
  stage.figure('EX-7', 'account at retirement', yuan(award?.balanceFen), '186420.37')
  for (const [name, field, wanted] of EX7) stage.figure('EX-7', `${name} pension a month`, yuan(award?.[field]), wanted)
  stage.figure('EX-7', 'first month paid', approved?.firstMonth ?? '', '2026-08')
  await explained(stage, claimId)
}

async function explained(stage: Stage, claimId: string): Promise<void> {
  const stream = { service: 'pension', stream: `pension-claim-${claimId}` }
  const { events } = await stage.operator.call('operations.ListStreamEvents', stream)
  const eventId = events.find(({ type }) => type === 'ClaimDecided')?.id ?? ''
  const { explanation } = await stage.officer.call('pension.ExplainAmount', { eventId, claimId })
  const document = JSON.parse(explanation) as Explanation
  for (const language of ['zh', 'en'] as const) stage.say(excerpt(readable(document, language)))
  const honest = verified(stage, 'award', document)
  stage.say(`  the separate verifier, on the whole document and the law in policy/:\n${last(honest.text)}`)
  stage.figure('EX-7', 'the verifier agrees', String(honest.ok), 'true')
  const forged = verified(stage, 'forged', falsified(document))
  stage.say(`  one number falsified, 1000 yuan more in the account:\n${named(forged.text)}`)
  stage.figure('EX-7', 'the verifier notices', String(forged.ok), 'false')
}

const LINES_SHOWN = 14
const indented = (lines: readonly string[]) => `\n${lines.map((line) => `    ${line}`.trimEnd()).join('\n')}\n`

const excerpt = (text: string) => indented([...text.trimEnd().split('\n').slice(0, LINES_SHOWN), '…'])
const last = (text: string) => indented(text.trimEnd().split('\n').slice(-1))
const named = (text: string) => indented(text.slice(text.indexOf('✗')).trimEnd().split('\n'))

/** The account balance in the document, a thousand yuan higher; every other number stays. */
function falsified(document: Explanation): unknown {
  const copy = structuredClone(document) as unknown as {
    steps: { id: string; op: string; value: string; unit: string }[]
  }
  const step = copy.steps.find(({ op, value }) => op === 'input' && value === '186420.37')
  if (!step) throw new Error('the document has no such balance')
  step.value = '187420.37'
  return copy
}
