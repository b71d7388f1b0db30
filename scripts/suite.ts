// Runs the tests of one workspace (the folder it is called in) with node:test and leaves the counts where
// scripts/test.ts adds them up. `suite.ts [--slow] [folder …]`: tests are *.test.ts, slow ones *.slow.test.ts.
// A test file that does not finish, or holds no test, is a failure.
import * as fs from 'node:fs'
import * as path from 'node:path'
import { run } from 'node:test'
import { inspect, parseArgs } from 'node:util'
import { type Counts, type SuiteKind, summaryFile, testFiles } from './workspaces.ts'

const { values, positionals } = parseArgs({ options: { slow: { type: 'boolean' } }, allowPositionals: true })
const kind: SuiteKind = values.slow ? 'slow' : 'fast'
// A test that hangs ends by itself with its name; a file that hangs in another way ends with the suite's time.
const limit = kind === 'slow' ? { test: 600_000, suite: 2_400_000 } : { test: 30_000, suite: 240_000 }
const folder = process.cwd()
const files = testFiles(folder, kind, positionals)

const counts: Counts = { files: files.length, passed: 0, failed: 0, skipped: 0, seconds: 0, at: Date.now() }
const printed = new Map<string, string[]>()
const troubled = new Set<string>()
const finished = new Set<string>()
const exitedBadly = new Set<string>()
const local = (file: string) => path.relative(folder, file)

function fail(file: string, what: string, error: unknown) {
  counts.failed += 1
  troubled.add(file)
  console.log(`\n✖ ${what}`)
  if (error !== undefined) console.log(inspect(error).replaceAll(/^/gm, '    '))
}

/** What a test threw, without node:test's wrapping. */
function cause(error: unknown): unknown {
  return error instanceof Error && 'failureType' in error ? (error.cause ?? error.message) : error
}

/** A parent fails because a part of it failed; the part is reported already. */
const onlyParts = (error: unknown) =>
  error instanceof Error && 'failureType' in error && error.failureType === 'subtestsFailed'

const started = performance.now()
const overdue = AbortSignal.timeout(limit.suite)
const stream =
  files.length === 0
    ? []
    : run({ files, concurrency: true, signal: overdue, execArgv: [`--test-timeout=${limit.test}`] })
for await (const { type, data } of stream) {
  if (type === 'test:stdout' || type === 'test:stderr') {
    printed.set(data.file, [...(printed.get(data.file) ?? []), data.message])
  } else if (type === 'test:summary' && data.file) {
    if (data.counts.tests > 0) finished.add(data.file)
  } else if (type === 'test:pass') {
    if (data.details.type === 'suite' || data.name === data.file) continue
    if (data.skip !== undefined) {
      counts.skipped += 1
      console.log(`- skipped: ${data.name} (${data.skip || 'no reason given'})`)
    } else counts.passed += 1
  } else if (type === 'test:fail') {
    const file = data.file ?? ''
    if (data.name === file) exitedBadly.add(file)
    else if (!onlyParts(data.details.error))
      fail(file, `${data.name} (${local(file)}:${data.line})`, cause(data.details.error))
  }
}
for (const file of files) {
  if (!finished.has(file)) fail(file, `${local(file)} did not finish, or holds no test`, undefined)
  else if (exitedBadly.has(file) && !troubled.has(file)) fail(file, `${local(file)} ended in an error`, undefined)
  if (troubled.has(file) && printed.has(file))
    console.log(`\noutput of ${local(file)}:\n${printed.get(file)?.join('')}`)
}

counts.seconds = (performance.now() - started) / 1000
fs.mkdirSync(path.dirname(summaryFile(folder, kind)), { recursive: true })
fs.writeFileSync(summaryFile(folder, kind), JSON.stringify(counts))
console.log(
  `${counts.failed > 0 ? '✖' : '✔'} ${path.basename(folder)}: ${counts.passed} passed, ${counts.failed} failed`,
)
process.exit(counts.failed > 0 ? 1 : 0)
