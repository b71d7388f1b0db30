// A writer that tells on stdout what has been acknowledged, until somebody kills it. Started by sqlite.test.ts.
import { writeSync } from 'node:fs'
import { someEvent } from './contract.ts'
import { openSqliteStore } from './sqlite.ts'

const store = await openSqliteStore({ file: process.argv[2]! })
const round = process.argv[3]!
await Promise.all(
  Array.from({ length: 8 }, async (_, writer) => {
    const stream = `box-thing-${round}-${writer}`
    for (let version = -1; ; version += 2) {
      const events = [someEvent(), someEvent()]
      await store.append(stream, version < 0 ? 'NO_STREAM' : version, events)
      writeSync(1, `${stream} ${version + 2}\n`)
    }
  }),
)
