import { defineService } from '@jinbao/service'
import { medicalApi } from './api.ts'
import { refusals } from './domain/refusals.ts'
import { dues } from './dues.ts'
import { reactions } from './reactions.ts'
import { accounts, clearings, institutions, years } from './streams.ts'
import { accountsView, claimsView, clearingEntries, institutionsView, people } from './views.ts'

export const medical = defineService({
  name: 'medical',
  authority: 'HEALTHCARE_SECURITY',
  aggregates: [accounts, years, institutions, clearings],
  apis: [medicalApi],
  views: [people, claimsView, clearingEntries, accountsView, institutionsView],
  reactions,
  dues,
  refusals,
})
