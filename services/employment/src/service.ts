import { defineService } from '@jinbao/service'
import { employmentApi } from './api.ts'
import { refusals } from './domain/refusals.ts'
import { reactions } from './reactions.ts'
import { workers } from './streams.ts'
import { employers, paid, relations } from './views.ts'

export const employment = defineService({
  name: 'employment',
  authority: 'HUMAN_RESOURCES',
  aggregates: [workers],
  apis: [employmentApi],
  views: [relations, employers, paid],
  reactions,
  refusals,
})
