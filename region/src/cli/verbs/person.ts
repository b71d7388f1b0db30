// A person's record: found by number and name, shown with the account, and who has read it.
import { table, yuanOf } from '../output.ts'
import type { Verb } from '../verb.ts'

export const find: Verb = {
  usage: 'find <number> <name>',
  help: 'The opaque id of the person whose number and name both match.',
  example: 'person find 110199196603151431 孙国栋',
  async run(asked, [number = '', name = '']) {
    const answer = await asked.client('officer').call('identity.GetPersonId', { number, name })
    asked.say(answer, () => `${answer.personId}\n`)
  },
}

export const show: Verb = {
  usage: 'show <person>',
  help: 'A person (numbers masked) and the pension account, as of a day and as known at a moment.',
  example: 'person show 7f3kq --as-of 2026-02-28 --known-at 2026-03-01T00:00:00Z',
  options: [
    ['--as-of <day>', 'day of life and law, yyyy-mm-dd'],
    ['--known-at <moment>', 'only what was recorded by then, ISO 8601 UTC'],
  ],
  async run(asked, [personId = ''], { asOf, knownAt }) {
    const client = asked.client('officer')
    const person = await client.call('identity.GetPerson', { personId })
    const account = await client.call('pension.GetAccount', { personId, asOf, knownAt })
    asked.say({ person, account }, () => {
      const years = account.years.map((year) => ({
        year: year.year,
        months: year.months,
        bases: yuanOf(year.baseFen),
        credited: yuanOf(year.creditedFen),
        interest: yuanOf(year.interestFen),
        closing: yuanOf(year.closingFen),
      }))
      const { name, number, birthDate, sex, status } = person
      return [
        `${name}  ${number}  ${birthDate}  ${sex}  ${status}\n`,
        `account ${account.status}: ${yuanOf(account.balanceFen)} yuan, ${account.monthCount} months\n`,
        `as of ${account.asOf?.asOf}, known at ${account.asOf?.knownAt}\n\n`,
        table(years),
      ].join('')
    })
  },
}

export const reads: Verb = {
  usage: 'reads <person>',
  help: 'Who has read a person’s data, when, why and what.',
  example: 'person reads 7f3kq',
  async run(asked, [personId = '']) {
    const { reads: all } = await asked.client('supervisor', 'officer').call('identity.ListReads', { personId })
    const rows = all.map(({ at, reader, role, purpose, what }) => ({
      at,
      reader,
      role,
      purpose,
      what: what?.join(' '),
    }))
    asked.say(all, () => table(rows))
  },
}

export const personVerbs = [find, show, reads]
