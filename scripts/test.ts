// npm test [-- <workspace> …] [--force]   the fast tests of all (or the named) workspaces, through turbo's cache
// npm run slow [-- <workspace> …]         the slow ones
// A workspace is named by its folder, `packages/core`. Ends in a line `N passed, N failed`.
import * as fs from 'node:fs'
import * as path from 'node:path'
import { parseArgs } from 'node:util'
import { turbo } from './turbo.ts'
import {
  type Counts,
  root,
  type SuiteKind,
  summaryFile,
  taskOf,
  testFiles,
  type Workspace,
  workspaces,
} from './workspaces.ts'

const { values, positionals } = parseArgs({
  options: { slow: { type: 'boolean' }, force: { type: 'boolean' } },
  allowPositionals: true,
})
const kind: SuiteKind = values.slow ? 'slow' : 'fast'
const task = taskOf(kind)

function chosen() {
  const all = workspaces()
  if (positionals.length === 0) return all
  const wanted = positionals.map((asked) => asked.replace(/\/+$/, ''))
  const unknown = wanted.filter((asked) => !all.some(({ folder, name }) => folder === asked || name === asked))
  if (unknown.length > 0) {
    console.error(`No workspace: ${unknown.join(' ')}. There are: ${all.map(({ folder }) => folder).join(' ')}`)
    process.exit(2)
  }
  return all.filter(({ folder, name }) => wanted.includes(folder) || wanted.includes(name))
}

const nothing: Counts = { files: 0, passed: 0, failed: 0, skipped: 0, seconds: 0, at: 0 }

/** What a workspace's suite left; whatever is wrong with it counts as a failure. */
function result({ folder, scripts }: Workspace): Counts {
  const complain = (counts: Counts, why: string) => {
    console.log(`✖ ${folder}: ${why}`)
    return { ...counts, failed: counts.failed + 1 }
  }
  const file = summaryFile(path.join(root, folder), kind)
  if (!scripts[task]) return complain(nothing, `has test files but no script "${task}" in its package.json`)
  if (!fs.existsSync(file)) return complain(nothing, `its script "${task}" left no result`)
  const counts: Counts = JSON.parse(fs.readFileSync(file, 'utf8'))
  const there = testFiles(path.join(root, folder), kind).length
  return counts.files < there ? complain(counts, `has ${there} test files, ran ${counts.files}`) : counts
}

const withTests = chosen().filter(({ folder }) => testFiles(path.join(root, folder), kind).length > 0)
for (const { folder } of withTests) fs.rmSync(summaryFile(path.join(root, folder), kind), { force: true })
const runnable = withTests.filter(({ scripts }) => scripts[task])
const started = Date.now()
const code = runnable.length > 0 ? await turbo(task, runnable, values.slow ? { concurrency: 1 } : values) : 0

let passed = 0
let failed = 0
let skipped = 0
console.log()
for (const workspace of withTests) {
  const counts = result(workspace)
  passed += counts.passed
  failed += counts.failed
  skipped += counts.skipped
  const time = counts.at < started ? 'as before' : `${counts.seconds.toFixed(1)} s`
  const mark = counts.failed > 0 ? '✖' : '✔'
  const numbers = `${String(counts.passed).padStart(5)} passed ${String(counts.failed).padStart(3)} failed`
  console.log(`${mark} ${workspace.folder.padEnd(24)} ${numbers}  ${time}`)
}
// The suites count, turbo only says whether all went well: both must agree.
if (code !== 0 && failed === 0) {
  failed += 1
  console.log(`✖ turbo ended with exit code ${code}`)
}
if (skipped > 0) console.log(`${skipped} skipped, with reasons above`)
console.log(`in ${((Date.now() - started) / 1000).toFixed(0)} s`)
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed > 0 ? 1 : 0
