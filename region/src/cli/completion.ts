// Completion of verbs for the shells, made from the program itself.
import type { Command } from 'commander'

export const shells = ['bash', 'zsh', 'fish'] as const
type Shell = (typeof shells)[number]

interface Words {
  readonly name: string
  readonly help: string
  readonly below: readonly { readonly name: string; readonly help: string }[]
}

const wordsOf = (program: Command): Words[] =>
  program.commands.map((verb) => ({
    name: verb.name(),
    help: verb.description(),
    below: verb.commands.map((one) => ({ name: one.name(), help: one.description() })),
  }))

const names = (words: readonly { readonly name: string }[]) => words.map(({ name }) => name).join(' ')
const quoted = (text: string) => `'${text.replace(/'/g, '’')}'`

function bash(words: readonly Words[]): string {
  const cases = words.filter(({ below }) => below.length > 0)
  return [
    '_jinbao() {',
    '  local word="$' + '{COMP_WORDS[COMP_CWORD]}" words',
    '  case "$COMP_CWORD:$' + '{COMP_WORDS[1]}" in',
    `    1:*) words="${names(words)}" ;;`,
    ...cases.map(({ name, below }) => `    2:${name}) words="${names(below)}" ;;`),
    '    *) COMPREPLY=($(compgen -f -- "$word")); return ;;',
    '  esac',
    '  COMPREPLY=($(compgen -W "$words" -- "$word"))',
    '}',
    'complete -o filenames -F _jinbao jinbao',
    '',
  ].join('\n')
}

function zsh(words: readonly Words[]): string {
  const described = (list: readonly { readonly name: string; readonly help: string }[]) =>
    list.map(({ name, help }) => quoted(`${name}:${help.replace(/:/g, '\\:')}`)).join(' ')
  const cases = words.filter(({ below }) => below.length > 0)
  return [
    '#compdef jinbao',
    '_jinbao() {',
    '  local -a choices',
    `  if ((CURRENT == 2)); then choices=(${described(words)}); _describe verb choices; return; fi`,
    '  if ((CURRENT == 3)); then case $words[2] in',
    ...cases.map(({ name, below }) => `    ${name}) choices=(${described(below)}); _describe verb choices; return ;;`),
    '  esac; fi',
    '  _files',
    '}',
    'compdef _jinbao jinbao',
    '',
  ].join('\n')
}

function fish(words: readonly Words[]): string {
  const top = words.map(({ name, help }) => `complete -c jinbao -n __fish_use_subcommand -a ${name} -d ${quoted(help)}`)
  const deep = words.flatMap(({ name, below }) =>
    below.map(
      (one) => `complete -c jinbao -n '__fish_seen_subcommand_from ${name}' -a ${one.name} -d ${quoted(one.help)}`,
    ),
  )
  return `${[...top, ...deep].join('\n')}\n`
}

export const completion = (program: Command, shell: Shell): string => ({ bash, zsh, fish })[shell](wordsOf(program))
