// A writer that tells on stdout what has been acknowledged, until somebody kills it. Started by sqliteFaults.test.ts.
// Single streams get two events an append; the pair gets one event in each of its two streams.
import { writeSync } from 'node:fs'
import { some } from './contractTools.ts'
import type { StreamAppend } from './port.ts'
import { openSqliteStore } from './sqlite.ts'

const [file, round] = process.argv.slice(2) as [string, string]
const store = await openSqliteStore({ file })

async function write(streams: readonly string[], each: number): Promise<never> {
  for (let version = -1; ; version += each) {
    const appends = streams.map((stream): StreamAppend => {
      return { stream, expected: version < 0 ? 'NO_STREAM' : version, events: some(each) }
    })
    await store.appendMany(appends)
    for (const { stream, events } of appends)
      writeSync(1, events.map(({ id }, i) => `${stream} ${version + 1 + i} ${id}\n`).join(''))
  }
}

const name = (writer: string | number) => `box-thing-${round}-${writer}`
const singles = Array.from({ length: 8 }, (_, i) => write([name(i)], 2))
await Promise.all([...singles, write([name('left'), name('right')], 1)])
