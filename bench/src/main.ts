// Every bench, or those named: `npm run bench -- store http`. Prints the table of bench/README.md.
import { parseArgs } from 'node:util'
import { type Row, table } from './measure.ts'

const benches: Readonly<Record<string, (full: boolean) => Promise<Row[]>>> = {
  store: async () => (await import('./store.ts')).storeBench(),
  http: async () => (await import('./http.ts')).httpBench(),
  grpc: async () => (await import('./http.ts')).grpcBench(),
  month: async (full) => (await import('./month.ts')).monthBench(full),
  rebuild: async () => (await import('./rebuild.ts')).rebuildBench(),
  award: async () => (await import('./award.ts')).awardBench(),
  start: async () => (await import('./start.ts')).startBench(),
}

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { full: { type: 'boolean', default: false } },
})
const unknown = positionals.filter((name) => !Object.hasOwn(benches, name))
if (unknown.length > 0) {
  process.stderr.write(`no bench ${unknown.join(', ')}; there are: ${Object.keys(benches).join(', ')}\n`)
  process.exit(2)
}
const rows: Row[] = []
for (const [name, bench] of Object.entries(benches)) {
  if (positionals.length > 0 && !positionals.includes(name)) continue
  process.stderr.write(`${name} …\n`)
  const found = await bench(values.full)
  for (const { ours, beside, result } of found) process.stderr.write(`  ${ours}; ${beside}; ${result}\n`)
  rows.push(...found)
}
process.stdout.write(`${table(rows)}\n`)
