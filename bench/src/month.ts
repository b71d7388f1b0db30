// The monthly run over the whole path: declared, five lines assessed, received, credited to the pension accounts, all
// views up to date; beside it the bare batched insert of the very events it wrote.
import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import type { Row } from './measure.ts'
import { outcome } from './processes.ts'

interface Run {
  readonly persons: number
  readonly ms: number
  readonly rssMb: number
  readonly events: number
  readonly bytes: number
  readonly bare: number
}

async function run(persons: number): Promise<Run> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'jinbao-bench-'))
  try {
    return await outcome<Run>('monthRun.ts', [folder, String(persons)])
  } finally {
    fs.rmSync(folder, { recursive: true, force: true })
  }
}

export async function monthBench(full: boolean): Promise<Row[]> {
  const rows: Row[] = []
  let first: number | undefined
  for (const persons of full ? [10_000, 100_000, 1_000_000] : [10_000, 100_000]) {
    const { ms, rssMb, events, bytes, bare } = await run(persons)
    const each = ms / persons
    first ??= each
    const growth = each / first
    const size = Math.round(bytes / 1e6).toLocaleString('en')
    rows.push({
      what: `monthly run, whole path, ${persons.toLocaleString('en')} persons`,
      ours: `${(ms / 1_000).toFixed(1)} s, ${(each * 1_000).toFixed(0)} µs a person (${growth.toFixed(2)} × of the smallest), at most ${Math.round(rssMb)} MB`,
      beside: `bare batched insert of its ${events.toLocaleString('en')} events (${size} MB): ${(bare / 1_000).toFixed(1)} s`,
      result: `${(ms / bare).toFixed(1)} × the time`,
      goal: `< ${((persons * 0.12) / 1_000).toFixed(1)} s (1,000,000 in 2 min), < 1 GB, ≤ 1.2 × a person`,
      met: each < 0.12 && rssMb < 1_000 && growth <= 1.2,
    })
  }
  return rows
}
