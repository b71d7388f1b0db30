// Every YAML file is well formed, and no key stands twice in a map (the second would silently win).
import { execFileSync } from 'node:child_process'
import * as fs from 'node:fs'
import * as path from 'node:path'
import { LineCounter, parseAllDocuments } from 'yaml'
import { root } from './workspaces.ts'

export function yamlFaults(text: string): { line: number; what: string }[] {
  const lines = new LineCounter()
  const documents = parseAllDocuments(text, { lineCounter: lines, uniqueKeys: true, prettyErrors: false })
  return [...documents].flatMap(({ errors, warnings }) =>
    [...errors, ...warnings].map(({ pos, message }) => ({ line: lines.linePos(pos[0]).line, what: message })),
  )
}

if (import.meta.main) {
  const listed = ['ls-files', '--cached', '--others', '--exclude-standard', '*.yaml', '*.yml']
  // Chart templates are text with YAML in it; helm lint reads those.
  const files = execFileSync('git', listed, { cwd: root, encoding: 'utf8' })
    .split('\n')
    .filter((file) => file && !/^charts\/[^/]+\/templates\//.test(file) && fs.existsSync(path.join(root, file)))
  for (const file of files) {
    for (const { line, what } of yamlFaults(fs.readFileSync(path.join(root, file), 'utf8'))) {
      console.log(`${file}:${line}  ${what}`)
      process.exitCode = 1
    }
  }
}
