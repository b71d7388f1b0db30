import { main } from '@jinbao/service/main.ts'
import { employment } from './service.ts'

await main(employment)
