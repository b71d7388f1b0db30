import { defineService } from '@jinbao/service'
import { collectionApi } from './api.ts'
import { refusals } from './domain/refusals.ts'
import { dues } from './dues.ts'
import { reactions } from './reactions.ts'
import { chunks, declarations, flexible, receipts } from './streams.ts'
import { bills, declared, employers, pensioners, persons, relations } from './views.ts'

export const collection = defineService({
  name: 'collection',
  authority: 'TAX',
  aggregates: [declarations, chunks, receipts, flexible],
  apis: [collectionApi],
  views: [persons, relations, employers, pensioners, declared, bills],
  reactions,
  dues,
  refusals,
})
