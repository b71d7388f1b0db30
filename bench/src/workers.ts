import { randomUUID } from 'node:crypto'
import type { Store } from '@jinbao/store'

/** 2,000 workers, as identity's reaction would have put them on file. */
export async function workersOnFile(store: Store): Promise<void> {
  for (let from = 0; from < 2_000; from += 1_000)
    await store.appendMany(
      Array.from({ length: 1_000 }, (_, i) => ({
        stream: `employment-worker-w${from + i}`,
        expected: 'ANY' as const,
        events: [
          {
            id: randomUUID(),
            type: 'WorkerRegistered',
            data: JSON.stringify({ personId: `w${from + i}`, birthMonth: '1990-01', sex: 'MALE' }),
            meta: { schema: '1' },
          },
        ],
      })),
    )
}
