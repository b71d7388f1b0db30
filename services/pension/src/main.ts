import { main } from '@jinbao/service/main.ts'
import { pension } from './service.ts'

await main(pension)
