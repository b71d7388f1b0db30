// Checks the import rules and habits of the house over all files git knows or would take. Prints each finding as file:line.
import { execFileSync } from 'node:child_process'
import * as fs from 'node:fs'
import * as path from 'node:path'
import { type Finding, findingsIn, manifestFindings, readSource, shapeFindings } from './tidy-rules.ts'
import { root, workspaces } from './workspaces.ts'

const checked = /\.(ts|mjs|proto|ya?ml)$/

function files(top: string): string[] {
  const args = ['ls-files', '-z', '--cached', '--others', '--exclude-standard']
  return execFileSync('git', args, { cwd: top, encoding: 'utf8', maxBuffer: 1 << 26 })
    .split('\0')
    .filter((file) => checked.test(file) && fs.existsSync(path.join(top, file)))
}

export function tidy(top: string): Finding[] {
  const services = fs.globSync('services/*/', { cwd: top }).map((folder) => path.basename(folder))
  return [
    ...files(top).flatMap((file) => findingsIn(readSource(file, fs.readFileSync(path.join(top, file), 'utf8')), top)),
    ...services.flatMap((service) => shapeFindings(service, top)),
    ...workspaces(top).flatMap(({ folder, scripts }) => manifestFindings(folder, scripts, top)),
  ]
}

if (import.meta.main) {
  const findings = tidy(root)
  for (const { file, line, what } of findings) console.log(`${file}${line ? `:${line}` : ''}  ${what}`)
  if (findings.length > 0) process.exitCode = 1
}
