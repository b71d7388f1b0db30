// Public numbers -> opaque ids, asked for once. Names must match, so a slip of a digit finds nobody else.
import type { Client } from '@jinbao/client'

export interface Register {
  person(number: string, name: string): Promise<string>
  employer(creditCode: string): Promise<string>
}

const KEPT = 20_000

/** Remembers the latest answers; a refusal is not remembered. */
function remembering(ask: (key: string) => Promise<string>): (key: string) => Promise<string> {
  const known = new Map<string, Promise<string>>()
  return (key) => {
    const before = known.get(key)
    if (before) return before
    const asked = ask(key)
    known.set(key, asked)
    asked.catch(() => known.delete(key))
    const [oldest] = known.keys()
    if (known.size > KEPT && oldest !== undefined) known.delete(oldest)
    return asked
  }
}

export function registerOf(client: Client): Register {
  const persons = remembering(async (key) => {
    const [number = '', name = ''] = key.split('\u001f')
    return (await client.call('identity.GetPersonId', { number, name })).personId
  })
  const employers = remembering(
    async (creditCode) => (await client.call('identity.GetEmployerByCode', { creditCode })).employerId,
  )
  return { person: (number, name) => persons(`${number}\u001f${name}`), employer: employers }
}
