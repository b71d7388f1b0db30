// What a part of the demonstration stands on: a fresh region with a clock of its own, callers by role, and a list of
// figures that have to come out.
import { spawnSync } from 'node:child_process'
import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Client, connect } from '@jinbao/client'
import type { Role } from '@jinbao/rpc'
import { type Declared, declare } from '../cli/declare.ts'
import { type ImportName, importers } from '../cli/imports.ts'
import { type Row, table, yuanOf } from '../cli/output.ts'
import { type ReceiptsReport, recordReceipts } from '../cli/receipts.ts'
import { registerOf } from '../cli/register.ts'
import type { FileReport } from '../cli/rows.ts'
import { openRegion, type Region } from '../region.ts'

const examples = path.resolve(import.meta.dirname, '../../../examples')

export type Write = (text: string) => void

export interface Stage {
  readonly place: string
  readonly url: string
  readonly officer: Client
  readonly reviewer: Client
  readonly operator: Client
  /** Folder that is removed with the stage. */
  readonly scratch: string
  /** Moves the clock of the region to ten in the morning of a day. */
  day(day: string): void
  say(text: string): void
  show(rows: readonly Row[]): void
  /** A figure of the rulebook in yuan or words, and what came out. */
  figure(rule: string, what: string, actual: string, wanted: string): void
  /** Opaque ids by the names of persons.csv. */
  people(): Promise<ReadonlyMap<string, string>>
  take(kind: ImportName): Promise<void>
  declare(month: string): Promise<Declared>
  /** A dry run; the report is the caller's to show. */
  dryRun(month: string, file: string): Promise<FileReport>
  receipts(): Promise<ReceiptsReport['receipts']>
  /** Everything recorded has reached every view and every other service. */
  settle(): Promise<void>
}

const file = (place: string, name: string) => path.join(examples, place, name)

export async function onStage(
  place: string,
  write: Write,
  wrong: string[],
  perform: (stage: Stage) => Promise<void>,
): Promise<void> {
  const scratch = fs.mkdtempSync(path.join(os.tmpdir(), `jinbao-demo-${place}-`))
  const time = { now: '2025-01-02T10:00:00+08:00' }
  const clock = () => Temporal.Instant.from(time.now)
  const region = await openRegion({
    place,
    folder: path.join(scratch, 'data'),
    clock,
    allowSyntheticIds: true,
  })
  try {
    const url = await region.gateway.listen({ port: 0 })
    const as = (role: Role) => connect({ url, token: () => mint(region, role), purpose: 'demonstration' })
    const officer = as('officer')
    const good = (report: FileReport) => {
      if (report.failed > 0) throw new Error(`${report.file}: ${JSON.stringify(report.errors)}`)
    }
    const register = registerOf(officer)
    await perform({
      place,
      url,
      officer,
      reviewer: as('reviewer'),
      operator: as('operator'),
      scratch,
      day(day) {
        time.now = `${day}T10:00:00+08:00`
      },
      say: (text) => write(`${text}\n`),
      show: (rows) => write(`\n${table(rows).replace(/^/gm, '    ').trimEnd()}\n\n`),
      figure(rule, what, actual, wanted) {
        const same = actual === wanted
        if (!same) wrong.push(`${rule} ${what}: ${actual}, not ${wanted}`)
        write(`  ${same ? '✓' : '✗'} ${rule}  ${what}: ${actual}${same ? '' : `, not ${wanted}`}\n`)
      },
      async people() {
        const [, ...rows] = fs.readFileSync(file(place, 'persons.csv'), 'utf8').trim().split('\n')
        const found = rows.map(async (row) => {
          const [number = '', name = ''] = row.split(',')
          return [name, await register.person(number, name)] as const
        })
        return new Map(await Promise.all(found))
      },
      async take(kind) {
        const report = await importers[kind](officer, file(place, `${kind}.csv`))
        good(report)
        await region.settle()
        write(`  ${kind}.csv: ${report.done} rows\n`)
      },
      async declare(month) {
        const report = await declare(officer, file(place, `payroll-${month}.csv`), { month })
        good(report)
        await region.settle()
        const [one] = report.declared
        if (!one) throw new Error(`nothing was declared for ${month}`)
        return one
      },
      dryRun: (month, name) => declare(officer, file(place, name), { month, dryRun: true }),
      async receipts() {
        const report = await recordReceipts(officer, file(place, 'receipts.csv'))
        good(report)
        await region.settle()
        return report.receipts
      },
      settle: () => region.settle(),
    })
  } finally {
    await region.close()
    fs.rmSync(scratch, { recursive: true, force: true })
  }
}

const mint = (region: Region, role: Role) => region.issuer.mint({ subject: `demo-${role}`, roles: [role] })

/** The separate verifier, as a process of its own, against the law as it is shipped. */
export function verified(stage: Stage, name: string, document: unknown): { ok: boolean; text: string } {
  const saved = path.join(stage.scratch, `${name}.json`)
  fs.writeFileSync(saved, JSON.stringify(document))
  const program = fileURLToPath(import.meta.resolve('@jinbao/verify/main.ts'))
  const policy = path.resolve(examples, '../policy')
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, saved, '--policy', policy], {
    encoding: 'utf8',
  })
  if (status === 2) throw new Error(stderr)
  return { ok: status === 0, text: stdout }
}

export const yuan = yuanOf
