// The command line as a whole: verbs, options that all of them take, exit codes.
import { ApiProblem, Unreachable } from '@jinbao/client'
import { Problem } from '@jinbao/core'
import { Command, CommanderError } from 'commander'
import { completion, shells } from './completion.ts'
import { Usage } from './connection.ts'
import { type Io, terminal } from './output.ts'
import { add, Failed, group, type Verb } from './verb.ts'
import { declareVerb, importVerb, receiptsVerb } from './verbs/files.ts'
import { backup, policyVerbs, restore, seed, verify } from './verbs/local.ts'
import { due, events, parkedVerbs, rebuild, token } from './verbs/operate.ts'
import { explain, interest, retireVerbs } from './verbs/pension.ts'
import { personVerbs } from './verbs/person.ts'
import { up } from './verbs/up.ts'

/** 0 done; these otherwise. */
export const exitCodes = { refused: 1, usage: 2, unreachable: 3 } as const

const GLOBAL_HELP = `
Exit codes: 0 done, 1 refused or rows failed, 2 wrong usage, 3 the region cannot be reached.
Tokens: --token, else JINBAO_TOKEN, else one minted by the development issuer of the data folder.`

const demo: Verb = {
  usage: 'demo',
  help: 'Perform the main job on fresh regions from the files in examples/, and check every figure.',
  example: 'demo',
  async run({ io }) {
    const { runDemo } = await import('../demo.ts')
    const wrong = await runDemo(io.write)
    if (wrong > 0) throw new Failed(`${wrong} figures differ`)
  },
}

export function programOf(io: Io): Command {
  const program = new Command('jinbao')
    .description('金保 social security of a region: the command line')
    .option('--url <url>', 'address of the region', process.env.JINBAO_URL ?? 'http://127.0.0.1:8080')
    .option('--token <token>', 'bearer token')
    .option('--place <code>', 'division code of the region', '110000')
    .option('--data <folder>', 'data folder; default data/<place>')
    .option('--as <role>', 'role of a token minted here, instead of the verb’s own')
    .option('--purpose <text>', 'why personal data is asked for; recorded with every read', 'command line')
    .option('--json', 'JSON for programs instead of tables')
    .addHelpText('after', GLOBAL_HELP)
    .showHelpAfterError('(see --help)')
    .configureHelp({ showGlobalOptions: true })
    .exitOverride()
    .configureOutput({ writeOut: io.write, writeErr: io.warn })
  const verbs = [up, demo, importVerb, seed, declareVerb, receiptsVerb, interest]
  for (const verb of verbs) add(program, verb, io)
  group(program, 'person', 'A person’s record: find, show, who has read it.', personVerbs, io)
  group(program, 'retire', 'From application to pension: apply, check, decide, approve.', retireVerbs, io)
  for (const verb of [explain, verify, events, rebuild, due]) add(program, verb, io)
  group(program, 'parked', 'Events that could not be handled.', parkedVerbs, io)
  group(program, 'policy', 'The law as data: check a folder, show a value.', policyVerbs, io)
  for (const verb of [backup, restore, token]) add(program, verb, io)
  add(program, completionVerb(program), io)
  return program
}

const completionVerb = (program: Command): Verb => ({
  usage: 'completion <shell>',
  help: `Completion for ${shells.join(', ')}.`,
  example: 'completion bash >> ~/.bashrc',
  async run({ io }, [shell]) {
    const known = shells.find((one) => one === shell)
    if (!known) throw new Usage(`a shell is one of ${shells.join(', ')}`)
    io.write(completion(program, known))
  },
})

function codeOf(error: unknown, io: Io): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : exitCodes.usage
  if (error instanceof Failed || error instanceof Problem) {
    io.warn(`${error instanceof Problem ? `${error.reason}: ` : ''}${error.message}\n`)
    return exitCodes.refused
  }
  if (error instanceof Usage || (error as NodeJS.ErrnoException).code === 'ENOENT') {
    io.warn(`${(error as Error).message}\n`)
    return exitCodes.usage
  }
  if (error instanceof Unreachable) {
    io.warn(`${error.message}; is it up? start one with \`jinbao up\`\n`)
    return exitCodes.unreachable
  }
  if (!(error instanceof ApiProblem)) throw error
  const { rule, source, detailZh, fields = [], traceId } = error.document
  const law = rule ? ` (${rule}, ${source})` : ''
  const lines = [`${error.reason}: ${error.message}${law}`, ...(detailZh ? [detailZh] : [])]
  for (const { field, message } of fields) lines.push(`  ${field}: ${message}`)
  io.warn(`${[...lines, `trace ${traceId}`].join('\n')}\n`)
  return exitCodes.refused
}

/** Runs one command; answers its exit code. What is no expected no is thrown on: a defect. */
export async function runCli(args: readonly string[], io: Io = terminal): Promise<number> {
  try {
    await programOf(io).parseAsync(args, { from: 'user' })
    return 0
  } catch (error) {
    return codeOf(error, io)
  }
}
