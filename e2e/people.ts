// The same first steps of many stories: people and employers on the register, people hired, a month declared and paid.
import { creditCode, identityNumber, syntheticCounty } from '@jinbao/region/seed/identifiers.ts'
import type { World } from './world.ts'

let sequence = 100
let serial = 100

export interface Registered {
  readonly personId: string
  readonly number: string
}

export async function person(
  world: World,
  name: string,
  birthDate: string,
  sex: 'MALE' | 'FEMALE',
): Promise<Registered> {
  // An odd sequence is a man's (GB 11643).
  sequence += 2
  const number = identityNumber(syntheticCounty(world.region.place), birthDate, sequence + (sex === 'MALE' ? 1 : 0))
  const officer = await world.as('officer')
  const { personId } = await officer.do('/v1/identity/persons', { number, name })
  return { personId, number }
}

export async function employer(world: World, riskClass = 1): Promise<string> {
  const officer = await world.as('officer')
  const body = {
    creditCode: creditCode(syntheticCounty(world.region.place), ++serial),
    name: `测试单位${serial}`,
    place: world.region.place,
    industry: 'I65',
    riskClass,
    contributesFrom: '2010-01-01',
  }
  const { employerId } = await officer.do('/v1/identity/employers', body)
  await world.settle()
  return employerId
}

export async function hire(
  world: World,
  employerId: string,
  personId: string,
  from: string,
  wageFen: string,
): Promise<string> {
  const officer = await world.as('officer')
  await world.settle()
  const { relationId } = await officer.do('/v1/employment/relations', {
    personId,
    employerId,
    from,
    kind: 'OPEN_ENDED',
    main: true,
    wageFen,
  })
  await world.settle()
  return relationId
}

/** Declares a month of an employer from wages by person id, in fen; answers the declaration. */
export async function declare(
  world: World,
  employerId: string,
  month: string,
  wages: Readonly<Record<string, string>>,
) {
  const officer = await world.as('officer')
  const declarations = `/v1/collection/employers/${employerId}/declarations`
  await officer.do(declarations, { month, empty: true })
  const lines = Object.entries(wages).map(([personId, wageFen]) => ({ personId, wageFen, months: 1 }))
  await officer.do(`${declarations}/${month}/chunks/1:changeLines`, { lines, replace: true })
  return officer.do(`${declarations}/${month}:submit`)
}

export async function pay(world: World, employerId: string, amountFen: bigint, receivedOn: string, reference: string) {
  const officer = await world.as('officer')
  const answer = await officer.do('/v1/collection/receipts', {
    employerId,
    amountFen: String(amountFen),
    receivedOn,
    reference,
  })
  await world.settle()
  return answer
}
