// YAML with line numbers. Every scalar stays text: a rate or a day never passes through a binary float.
import { isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml'
import type { Finding } from './model.ts'

/** A node of the file with its line. */
export type Tree =
  | { readonly kind: 'text'; readonly line: number; readonly text: string }
  | { readonly kind: 'list'; readonly line: number; readonly items: readonly Tree[] }
  | { readonly kind: 'map'; readonly line: number; readonly fields: ReadonlyMap<string, Tree> }

export function readYaml(file: string, text: string, report: (finding: Finding) => void): Tree {
  const lines = new LineCounter()
  const document = parseDocument(text, { schema: 'failsafe', lineCounter: lines, prettyErrors: false })
  for (const error of [...document.errors, ...document.warnings]) {
    const line = lines.linePos(error.pos[0]).line
    report({ severity: 'error', file, line, why: error.message, todo: 'make it valid YAML' })
  }
  const convert = (node: unknown): Tree => {
    const line = lines.linePos((node as Node | null)?.range?.[0] ?? 0).line
    if (isSeq(node)) return { kind: 'list', line, items: node.items.map(convert) }
    if (isMap(node)) {
      const fields = node.items.map((pair) => [isScalar(pair.key) ? String(pair.key.value) : '', convert(pair.value)])
      return { kind: 'map', line, fields: new Map(fields as [string, Tree][]) }
    }
    return { kind: 'text', line, text: isScalar(node) ? String(node.value ?? '') : '' }
  }
  return convert(document.contents)
}

export function textOf(tree: Tree | undefined): string | undefined {
  return tree?.kind === 'text' && tree.text !== '' ? tree.text : undefined
}
