import * as identity from '@jinbao/proto/identity/v1/events.ts'
import { on, order } from '@jinbao/service'
import { workers } from './streams.ts'

const { PersonRegistered, DeathRegistered, DeathRevoked } = identity
const events = { PersonRegistered, DeathRegistered, DeathRevoked }

export const reactions = [
  on('identity', events, 'PersonRegistered', ({ personId, birthMonth, sex }) => [
    order(workers, personId, { type: 'RegisterWorker', data: { personId, birthMonth, sex } }),
  ]),
  on('identity', events, 'DeathRegistered', ({ personId, diedOn }) => [
    order(workers, personId, { type: 'RegisterDeath', diedOn }),
  ]),
  on('identity', events, 'DeathRevoked', ({ personId }) => [order(workers, personId, { type: 'RevokeDeath' })]),
]
