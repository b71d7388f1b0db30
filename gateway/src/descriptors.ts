// What the descriptor image says: the services, their rpcs, the routes of google.api.http, the comments.
import {
  createFileRegistry,
  type DescExtension,
  type DescMethod,
  type FileRegistry,
  fromBinary,
  getOption,
  type Message,
} from '@bufbuild/protobuf'
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt'
import { type Comments, commentsOf } from './comments.ts'

/** One google.api.http binding of an rpc. */
export interface Binding {
  readonly verb: 'GET' | 'PUT' | 'POST' | 'DELETE' | 'PATCH'
  /** As written: `/v1/pension/accounts/{person_id}:credit`. */
  readonly template: string
  /** Field that takes the body, `*` for the whole message, empty for none. */
  readonly body: string
  /** Field that makes the answer; empty for the whole message. */
  readonly responseBody: string
}

/** One rpc that has a route. */
export interface Rpc {
  /** Proto segment `jinbao.<service>.v1`. */
  readonly service: string
  /** `/jinbao.pension.v1.PensionService/GetAccount` */
  readonly path: string
  readonly method: DescMethod
  readonly bindings: readonly Binding[]
  /** Questions change nothing: Get… and List…, and whatever answers to GET. */
  readonly question: boolean
}

export interface Api {
  readonly registry: FileRegistry
  readonly rpcs: readonly Rpc[]
  readonly comments: Comments
}

/** The service whose requests name the service they are for. */
export const OPERATIONS = 'operations'

export function readImage(image: Uint8Array): Api {
  const set = fromBinary(FileDescriptorSetSchema, image)
  const registry = createFileRegistry(set)
  const http = registry.getExtension('google.api.http')
  if (!http) throw new Error('the descriptor image lacks google/api/annotations.proto')
  const rpcs: Rpc[] = []
  for (const file of registry.files)
    for (const service of file.services) {
      const name = /^jinbao\.([a-z0-9_]+)\.v\d+$/.exec(file.proto.package)?.[1]
      if (!name) continue
      for (const method of service.methods) {
        const bindings = bindingsOf(method, http)
        if (bindings.length === 0) continue
        if (method.methodKind !== 'unary') throw new Error(`${method.name} streams; only unary rpcs have routes`)
        const question = /^(Get|List)[A-Z]/.test(method.name) || bindings.every(({ verb }) => verb === 'GET')
        rpcs.push({ service: name, path: `/${service.typeName}/${method.name}`, method, bindings, question })
      }
    }
  return { registry, rpcs, comments: commentsOf(registry) }
}

interface HttpRule extends Message {
  readonly pattern: { readonly case: string | undefined; readonly value: unknown }
  readonly body: string
  readonly responseBody: string
  readonly additionalBindings: readonly HttpRule[]
}

const verbs = ['get', 'put', 'post', 'delete', 'patch']

function bindingsOf(method: DescMethod, http: DescExtension): Binding[] {
  const rule = getOption(method as never, http as never) as unknown as HttpRule
  const all = rule.pattern.case === undefined ? [] : [rule, ...rule.additionalBindings]
  return all.map(({ pattern, body, responseBody }) => {
    if (!verbs.includes(pattern.case ?? '')) throw new Error(`${method.name}: custom verbs have no route`)
    return {
      verb: pattern.case?.toUpperCase() as Binding['verb'],
      template: String(pattern.value),
      body,
      responseBody,
    }
  })
}
