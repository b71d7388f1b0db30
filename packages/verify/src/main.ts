// jinbao-verify <document.json | -> [--policy <folder>] [--rules <file>] [--json]
// Exit code 0: all agrees. 1: something disagrees. 2: the document, the folder or the command cannot be read.
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { parseDocument, UnreadableDocument } from './document.ts'
import { readRules } from './sources.ts'
import { reportText } from './text.ts'
import { verify } from './verify.ts'

const usage = `verify <document.json | -> [--policy <folder>] [--rules <rules.yaml>] [--json]

Recomputes an explanation document step by step, apart from the program that made it.
  --policy <folder>  also check every policy value against this policy folder
  --rules <file>     catalogue of rules that names their legal sources
  --json             print the report as JSON
Exit code: 0 all agrees, 1 something disagrees, 2 cannot be read.
`

const options = {
  policy: { type: 'string' },
  rules: { type: 'string' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const

/** A document may stand alone or as the \`explanation\` of an API answer. */
function unwrap(document: unknown): unknown {
  const inner = typeof document === 'object' && document !== null && 'explanation' in document && document.explanation
  return typeof inner === 'string' ? parseDocument(inner) : inner || document
}

function run(args: readonly string[]): number {
  const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true })
  if (values.help) return print(usage, 0)
  const [file, ...rest] = positionals
  if (file === undefined || rest.length) throw new UnreadableDocument(['name one document; see --help'])
  const document = unwrap(parseDocument(readFileSync(file === '-' ? 0 : file, 'utf8')))
  const report = verify(document, {
    ...(values.policy === undefined ? {} : { policyFolder: values.policy }),
    ...(values.rules === undefined ? {} : { rules: readRules(values.rules) }),
  })
  return print(values.json ? `${JSON.stringify(report, undefined, 2)}\n` : reportText(report), report.ok ? 0 : 1)
}

function print(text: string, code: number): number {
  process.stdout.write(text)
  return code
}

try {
  process.exitCode = run(process.argv.slice(2))
} catch (error) {
  process.stderr.write(`cannot verify: ${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 2
}
