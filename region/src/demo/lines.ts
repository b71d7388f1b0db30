// Assessed lines of a month, person by person, as the demonstrations show and check them.
import type { Schemas } from '@jinbao/client'
import type { Row } from '../cli/output.ts'
import { type Stage, yuan } from './stage.ts'

export type Lines = ReadonlyMap<string, Schemas['collection.DeclaredLine']>

const words: readonly (readonly [Schemas['common.Line'], string])[] = [
  ['PENSION', '养老 pension'],
  ['MEDICAL', '医疗 medical'],
  ['UNEMPLOYMENT', '失业 unempl.'],
  ['INJURY', '工伤 injury'],
]

export async function linesOf(stage: Stage, employerId: string, month: string): Promise<Lines> {
  const lines = new Map<string, Schemas['collection.DeclaredLine']>()
  for await (const page of stage.officer.pages('collection.ListDeclarationLines', { employerId, month }))
    for (const line of page.lines) lines.set(line.wage?.personId ?? '', line)
  return lines
}

/** `1193.60 / 596.80`, employer and employee. */
export function sides(line: Schemas['collection.DeclaredLine'] | undefined, which: Schemas['common.Line']): string {
  const due = line?.lines.find((one) => one.line === which)
  return `${yuan(due?.employerFen)} / ${yuan(due?.employeeFen)}`
}

export function show(stage: Stage, people: ReadonlyMap<string, string>, lines: Lines): void {
  const declared = [...people].filter(([, id]) => lines.has(id))
  const rows = declared.map(([name, id]): Row => {
    const line = lines.get(id)
    const amounts = words.map(([which, word]) => [word, sides(line, which)])
    return { 姓名: name, 工资: yuan(line?.wage?.wageFen), 基数: yuan(line?.baseFen), ...Object.fromEntries(amounts) }
  })
  stage.show(rows)
}
