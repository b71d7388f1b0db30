import { rpcContract } from './contract.ts'
import { inProcessTransport } from './inprocess.ts'
import type { Opened } from './testing.ts'

rpcContract('in process', async (options): Promise<Opened> => {
  const transport = inProcessTransport(options)
  return { transport, drain: () => transport.close(), close: () => transport.close() }
})
