import { defineService } from '@jinbao/service'
import { pensionApi } from './api.ts'
import { refusals } from './domain/refusals.ts'
import { dues } from './dues.ts'
import { reactions } from './reactions.ts'
import { accounts, claims, survivors } from './streams.ts'
import { accountsView, claimsView, people } from './views.ts'

export const pension = defineService({
  name: 'pension',
  authority: 'HUMAN_RESOURCES',
  aggregates: [accounts, claims, survivors],
  apis: [pensionApi],
  views: [people, accountsView, claimsView],
  reactions,
  dues,
  refusals,
})
