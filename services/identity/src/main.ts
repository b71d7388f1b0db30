import { main } from '@jinbao/service/main.ts'
import { openIdentity } from './service.ts'

await main(async (folder) => openIdentity(folder).service)
