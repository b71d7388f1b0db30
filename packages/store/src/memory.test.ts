import { storeContract } from './contract.ts'
import { MemoryStore } from './memory.ts'

storeContract('memory', async () => {
  const store = new MemoryStore()
  return { store, destroy: () => store.close() }
})
