import { defineService } from '@jinbao/service'
import { pensionApi } from './api.ts'
import { refusals } from './domain/refusals.ts'
import { dues } from './dues.ts'
import { reactions } from './reactions.ts'
import { accounts, claims, held, survivors } from './streams.ts'
import { accountsView, claimsView, heldView, people } from './views.ts'

export const pension = defineService({
  name: 'pension',
  authority: 'HUMAN_RESOURCES',
  aggregates: [accounts, claims, survivors, held],
  apis: [pensionApi],
  views: [people, accountsView, claimsView, heldView],
  reactions,
  dues,
  refusals,
})
