// Just enough reading of TypeScript for the tidiness rules: code without its comments, and its imports.

/** A slash opens a pattern where a value may begin. */
const beforePattern = /(?:^|[(,=:[!&|?{};+>]|\breturn)\s*$/

const endOfString = (text: string, from: number): number => {
  const quote = text[from]
  let at = from + 1
  while (at < text.length && text[at] !== quote) at += text[at] === '\\' ? 2 : 1
  return at + 1
}

const endOfPattern = (text: string, from: number): number => {
  let inClass = false
  let at = from + 1
  for (; at < text.length && text[at] !== '\n'; at++) {
    if (text[at] === '\\') at++
    else if (text[at] === '[') inClass = true
    else if (text[at] === ']') inClass = false
    else if (text[at] === '/' && !inClass) return at + 1
  }
  return from + 1
}

export interface Code {
  /** Comments blanked, lines kept. */
  readonly withStrings: string
  /** The contents of strings and patterns blanked too. */
  readonly bare: string
}

/** Texts in backquotes count as strings as a whole. */
export function readCode(text: string): Code {
  let withStrings = ''
  let bare = ''
  const blank = (part: string) => part.replace(/[^\n]/g, ' ')
  for (let at = 0; at < text.length; ) {
    const two = text.slice(at, at + 2)
    let end = at + 1
    if (two === '//') end = (text.indexOf('\n', at) + 1 || text.length + 1) - 1
    else if (two === '/*') end = (text.indexOf('*/', at + 2) + 1 || text.length) + 1
    else if (/['"`]/.test(two.charAt(0))) end = endOfString(text, at)
    else if (two.startsWith('/') && beforePattern.test(bare.slice(-40))) end = endOfPattern(text, at)
    const part = text.slice(at, end)
    const comment = two === '//' || two === '/*'
    withStrings += comment ? blank(part) : part
    bare += comment ? blank(part) : part.length > 1 ? part[0] + blank(part.slice(1, -1)) + part.at(-1) : part
    at = end
  }
  return { withStrings, bare }
}

export interface Import {
  readonly from: string
  readonly line: number
  readonly typeOnly: boolean
}

const lineOf = (text: string, index: number) => text.slice(0, index).split('\n').length

export function importsOf({ withStrings, bare }: Code): Import[] {
  const found: Import[] = []
  const statement = /^[ \t]*(?:import|export)\b(\s+type\b)?(?:[\s\w$*{},]*?\bfrom)?\s*['"]/gm
  for (const pattern of [statement, /\bimport(\s+type)?\(\s*['"`]/g]) {
    for (const match of bare.matchAll(pattern)) {
      const start = match.index + match[0].length
      const end = withStrings.slice(start).search(/['"`]/) + start
      found.push({
        from: withStrings.slice(start, end),
        line: lineOf(bare, start),
        typeOnly: match[1] !== undefined,
      })
    }
  }
  return found
}

/** Lines on which a pattern (with flag g) occurs. */
export const linesWith = (text: string, pattern: RegExp): { line: number; text: string }[] =>
  [...text.matchAll(pattern)].map((match) => ({ line: lineOf(text, match.index), text: match[0] }))
