import { main } from '@jinbao/service/main.ts'
import { collection } from './service.ts'

await main(collection)
