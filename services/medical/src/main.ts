import { main } from '@jinbao/service/main.ts'
import { medical } from './service.ts'

await main(medical)
