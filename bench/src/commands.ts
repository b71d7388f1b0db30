// A region of one service, with workers on file; takes commands over HTTP.

import { employment } from '@jinbao/employment'
import { openRegion } from '@jinbao/region'
import { workersOnFile } from './workers.ts'

const started = performance.now()
const region = await openRegion({
  place: '110000',
  folder: process.argv[2]!,
  services: [employment],
  // One officer sends all the load.
  limits: { ratePerSecond: 0 },
})
const url = await region.gateway.listen({ port: 0 })
const startMs = performance.now() - started
await workersOnFile(region.stores.get('employment')!)
const token = await region.issuer.mint({ subject: 'officer-1', roles: ['officer'] })
console.log(JSON.stringify({ url, token, startMs, rssMb: process.memoryUsage().rss / 1e6 }))
process.once('SIGTERM', () => region.close())
