// Routes of google.api.http templates: `/v1/a/{x}/b/{y.z}:verb`, `{x=*}`, and `{x=**}` for the rest of a path.

export interface Match<T> {
  readonly target: T
  /** Values of the template's variables, decoded, by field path. */
  readonly values: readonly (readonly [path: string, value: string])[]
}

interface Node<T> {
  readonly fixed: Map<string, Node<T>>
  any: Node<T> | undefined
  /** By `VERB :custom`; a variable may be named differently by different verbs. */
  readonly ends: Map<string, { readonly target: T; readonly names: readonly string[] }>
  readonly rest: Map<string, { readonly target: T; readonly names: readonly string[] }>
}

const node = <T>(): Node<T> => ({ fixed: new Map(), any: undefined, ends: new Map(), rest: new Map() })

interface Template {
  readonly segments: readonly ({ readonly text: string } | { readonly name: string; readonly rest: boolean })[]
  readonly custom: string
}

export function parseTemplate(template: string): Template {
  const [, path, custom = ''] = /^\/(.*?)(:[A-Za-z0-9_-]+)?$/.exec(template) ?? []
  if (path === undefined) throw new Error(`no route template: ${template}`)
  const segments = path.split('/').map((segment) => {
    const variable = /^\{([a-z0-9_.]+)(?:=(\*\*?))?\}$/.exec(segment)
    if (variable) return { name: variable[1] ?? '', rest: variable[2] === '**' }
    if (/[{}*]/.test(segment)) throw new Error(`route template not supported: ${template}`)
    return { text: segment }
  })
  return { segments, custom }
}

/** Splits `…/7f3k:end` into its path and custom verb. */
function splitCustom(path: string): readonly [path: string, custom: string] {
  const colon = path.lastIndexOf(':')
  return colon > path.lastIndexOf('/') ? [path.slice(0, colon), path.slice(colon)] : [path, '']
}

export class Router<T> {
  readonly #root: Node<T> = node()

  add(verb: string, template: string, target: T): void {
    const { segments, custom } = parseTemplate(template)
    const names = segments.flatMap((segment) => ('name' in segment ? [segment.name] : []))
    let at = this.#root
    let ends = at.ends
    for (const segment of segments) {
      if ('name' in segment && segment.rest) {
        ends = at.rest
        break
      }
      const next: Node<T> = ('text' in segment ? at.fixed.get(segment.text) : at.any) ?? node()
      if ('text' in segment) at.fixed.set(segment.text, next)
      else at.any = next
      at = next
      ends = at.ends
    }
    const key = `${verb} ${custom}`
    if (ends.has(key)) throw new Error(`two rpcs claim ${verb} ${template}`)
    ends.set(key, { target, names })
  }

  /** `path` is still percent-encoded; throws URIError when it is encoded wrongly. */
  find(verb: string, path: string): Match<T> | undefined {
    // A colon may also belong to the last value itself.
    const [bare, custom] = splitCustom(path)
    return (custom ? this.#match(bare, `${verb} ${custom}`) : undefined) ?? this.#match(path, `${verb} `)
  }

  /** Verbs under which a path is known. */
  verbs(path: string): string[] {
    return ['GET', 'PUT', 'POST', 'DELETE', 'PATCH'].filter((verb) => this.find(verb, path))
  }

  #match(path: string, key: string): Match<T> | undefined {
    const found = walk(this.#root, path.slice(1).split('/'), 0, key, [])
    if (!found) return undefined
    const values = found.end.names.map((name, i) => [name, decodeURIComponent(found.raw[i] ?? '')] as const)
    return { target: found.end.target, values }
  }
}

type Found<T> = {
  readonly end: { readonly target: T; readonly names: readonly string[] }
  readonly raw: readonly string[]
}

function walk<T>(
  at: Node<T>,
  segments: readonly string[],
  index: number,
  key: string,
  raw: readonly string[],
): Found<T> | undefined {
  const segment = segments[index]
  if (segment === undefined) {
    const end = at.ends.get(key)
    return end && { end, raw }
  }
  const fixed = at.fixed.get(segment)
  const exact = fixed && walk(fixed, segments, index + 1, key, raw)
  if (exact) return exact
  const any = at.any && segment !== '' ? walk(at.any, segments, index + 1, key, [...raw, segment]) : undefined
  if (any) return any
  const end = at.rest.get(key)
  return end && { end, raw: [...raw, segments.slice(index).join('/')] }
}
