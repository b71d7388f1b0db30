// The report for people.
import type { Finding, Report } from './verify.ts'

function findingText({ kind, step, amount, zh, en, expected, found, rule, source }: Finding): string[] {
  const name =
    zh !== undefined || en !== undefined ? ` ${[zh, en].filter((text) => text !== undefined).join(' / ')}` : ''
  const what = amount === undefined ? `step ${step}` : `amount ${amount} (step ${step})`
  const law = [rule, source].filter((text) => text !== undefined).join(' · ')
  return [
    `✗ ${kind}: ${what}${name}`,
    `    expected ${expected}`,
    `    found    ${found}`,
    ...(law ? [`    law      ${law}`] : []),
  ]
}

export function reportText(report: Report): string {
  const subject = Object.entries(report.subject).map(([kind, id]) => `${kind} ${id}`)
  const law = report.sources.map(({ step, rule, source, partOf }) => {
    const of = partOf === undefined ? '' : ` (part of ${partOf})`
    return `  ${step}${of}: ${[rule, source].filter((text) => text !== undefined).join(' · ') || 'no source named'}`
  })
  const checked = report.policyChecked ? 'policy values compared with the folder' : 'policy values taken as stated'
  return [
    `Explanation for ${subject.join(', ') || 'nobody named'}, place ${report.place}, law of ${report.day}, known at ${report.knownAt}`,
    ...report.amounts.map((amount) => `  ${amount.name}: ${amount.amountFen} fen (step ${amount.step})`),
    `${report.stepCount} steps recomputed, ${checked}`,
    ...(report.illustrative.length ? [`示例值 illustrative values: ${report.illustrative.join(', ')}`] : []),
    '',
    'Law of each step',
    ...law,
    '',
    ...report.findings.flatMap(findingText),
    report.ok ? '✓ every step and amount agrees' : `${report.findings.length} disagreement(s)`,
    '',
  ].join('\n')
}
