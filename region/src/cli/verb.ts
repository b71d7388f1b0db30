// How a verb is made: what it is called, what it takes, an example in its help, and what it does.
import { Command } from 'commander'
import { type Asked, asked, type Globals } from './connection.ts'
import type { Io } from './output.ts'

/** Some rows were refused: all is reported, the exit code says so. */
export class Failed extends Error {}

export interface Verb {
  /** `find <number>` */
  readonly usage: string
  readonly help: string
  readonly example: string
  /** Flags and their help; a third word is the default. */
  readonly options?: readonly (readonly [flags: string, help: string, fallback?: string])[]
  readonly required?: readonly (readonly [flags: string, help: string])[]
  run(
    asked: Asked,
    positionals: readonly string[],
    options: Readonly<Record<string, string | undefined>>,
  ): Promise<void>
}

export function add(to: Command, verb: Verb, io: Io): void {
  const command = to.command(verb.usage).description(verb.help)
  command.addHelpText('after', `\nExample:\n  $ jinbao ${verb.example}`)
  for (const [flags, help, fallback] of verb.options ?? []) command.option(flags, help, fallback)
  for (const [flags, help] of verb.required ?? []) command.requiredOption(flags, help)
  command.action(async (...given: unknown[]) => {
    const last = given.at(-1)
    if (!(last instanceof Command)) throw new TypeError('commander hands the command over last')
    const all = last.optsWithGlobals<Globals & Record<string, string | undefined>>()
    await verb.run(asked(all, io), last.args, all)
  })
}

export function group(to: Command, name: string, help: string, verbs: readonly Verb[], io: Io): void {
  const command = to.command(name).description(help)
  for (const verb of verbs) add(command, verb, io)
}
