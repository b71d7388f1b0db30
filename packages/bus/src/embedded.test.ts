import { busContract } from './contract.ts'
import { embeddedBus } from './embedded.ts'

busContract('embedded', async (storeOf) => {
  const bus = embeddedBus(storeOf)
  return { bus, relay: async () => {}, destroy: () => bus.close() }
})
