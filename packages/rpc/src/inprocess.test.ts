import { type Opened, rpcContract } from './contract.ts'
import { inProcessTransport } from './inprocess.ts'

rpcContract('in process', async (options): Promise<Opened> => {
  const transport = inProcessTransport(options)
  return { transport, drain: () => transport.close(), close: () => transport.close() }
})
