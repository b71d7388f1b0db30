import assert from 'node:assert/strict'
import { test } from 'node:test'
import { routes } from '../gen/operations.ts'
import { generate, typeOf } from './generate.ts'

test('schemas become types: references, lists, unions, maps, 64-bit numbers as strings', () => {
  assert.equal(typeOf({ allOf: [{ $ref: '#/components/schemas/pension.Claim' }] }), "Schemas['pension.Claim']")
  assert.equal(typeOf({ type: 'array', items: { enum: ['A', "B'"] } }), "readonly ('A' | 'B\\'')[]")
  assert.equal(
    typeOf({ type: 'object', additionalProperties: { type: 'integer' } }),
    'Readonly<Record<string, number>>',
  )
  assert.equal(typeOf({ type: 'object', properties: {} }), 'Readonly<Record<string, never>>')
  const object = {
    type: 'object',
    properties: { a: { type: 'string', description: 'x */ y' }, 'b.c': {} },
    required: ['a'],
  }
  assert.equal(typeOf(object), "{\n  /** x *\\/ y */\n  readonly a: string\n  readonly 'b.c'?: unknown | undefined\n}")
})

test('an operation is one flat request; uploads are left to upload()', () => {
  const answer = { '200': { content: { 'application/json': { schema: { $ref: '#/c/Answer' } } } } }
  const key = { $ref: '#/components/parameters/IdempotencyKey' }
  const id = { name: 'person_id', in: 'path', schema: { type: 'string' } }
  const body = { type: 'object', properties: { day: { type: 'string' } } }
  const text = generate({
    paths: {
      '/v1/x/{person_id}:do': {
        post: {
          operationId: 'XService_DoIt',
          tags: ['x'],
          parameters: [id, key],
          requestBody: { content: { 'application/json': { schema: body } } },
          responses: answer,
        },
      },
      '/v1/imports/{kind}': { post: { operationId: 'importFile', tags: ['imports'], responses: answer } },
    },
    components: { schemas: { Answer: { type: 'string' } } },
  })
  assert.match(text, /'x\.DoIt': \{\n {4}request: \{\n {6}readonly personId: string\n {6}readonly day\?: string/)
  assert.match(text, /'x\.DoIt': \{ verb: 'POST', path: '\/v1\/x\/\{personId\}:do', command: true \}/)
  assert.doesNotMatch(text, /importFile/)
})

test('the generated routes hold every service', () => {
  const services = new Set(Object.keys(routes).map((name) => name.split('.')[0]))
  for (const service of ['employment', 'collection', 'pension', 'operations']) assert.ok(services.has(service), service)
})
