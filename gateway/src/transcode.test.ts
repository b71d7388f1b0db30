// A proto nobody here has seen: its routes appear with no code.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { fromBinary, toBinary, toJson } from '@bufbuild/protobuf'
import type { Transport } from '@jinbao/rpc'
import { readImage } from './descriptors.ts'
import { openGateway } from './gateway.ts'
import { Router } from './router.ts'

const proto = `syntax = "proto3";
package jinbao.weather.v1;
import "google/api/annotations.proto";
// Weather.
service WeatherService {
  // Looks.
  rpc GetSky(Sky) returns (Sky) {
    option (google.api.http) = {
      get: "/v1/weather/{place.city}/sky/{id}"
      additional_bindings { get: "/v1/skies/{note=**}" }
    };
  }
  // Paints.
  rpc PaintSky(Sky) returns (Sky) {
    option (google.api.http) = { put: "/v1/weather/{id}:paint" body: "place" response_body: "place" };
  }
}
message Place { string city = 1; int64 height_cm = 2; }
enum Colour { COLOUR_UNSPECIFIED = 0; BLUE = 1; }
message Sky {
  string id = 1; Place place = 2; repeated Colour colours = 3; map<string, int64> clouds = 4; bool clear = 5;
  oneof kind { string wet = 6; int32 dry = 7; } optional int32 stars = 8; string note = 9; double warmth = 10; bytes photo = 11;
}
`

function compiled(): Buffer {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'jinbao-proto-'))
  const bin = fileURLToPath(new URL('../../node_modules/.bin/buf', import.meta.url))
  const google = fileURLToPath(new URL('../../node_modules/google-proto-files/google/api/', import.meta.url))
  fs.mkdirSync(path.join(folder, 'google/api'), { recursive: true })
  for (const name of ['http.proto', 'annotations.proto'])
    fs.copyFileSync(path.join(google, name), path.join(folder, 'google/api', name))
  fs.writeFileSync(path.join(folder, 'weather.proto'), proto)
  const image = path.join(folder, 'image.binpb')
  execFileSync(bin, ['build', folder, '--as-file-descriptor-set', '-o', image])
  const bytes = fs.readFileSync(image)
  fs.rmSync(folder, { recursive: true })
  return bytes
}

test('a new rpc with a route is served, nested variables, body field, bindings and all', async () => {
  const image = compiled()
  const sky = readImage(image).registry.getMessage('jinbao.weather.v1.Sky')
  assert.ok(sky)
  const seen: unknown[] = []
  const echo: Transport = {
    async unary(_path, bytes) {
      const message = fromBinary(sky, bytes)
      seen.push(toJson(sky, message))
      return toBinary(sky, message)
    },
    close: async () => undefined,
  }
  const gateway = await openGateway({
    image,
    transport: () => echo,
    authenticate: () => ({ subject: 'u', roles: ['citizen'] }),
  })
  const headers = { authorization: 'Bearer x' }
  const get = (url: string) => gateway.app.inject({ url, headers })
  const put = (url: string, payload: object) => gateway.app.inject({ method: 'PUT', url, headers, payload })
  const url = '/v1/weather/lhasa/sky/s1?place.height_cm=365000&colours=BLUE&colours=1&clear=true&stars=0&dry=3'
  assert.equal((await get(url)).statusCode, 200)
  assert.deepEqual(seen.pop(), {
    id: 's1',
    place: { city: 'lhasa', heightCm: '365000' },
    colours: ['BLUE', 'BLUE'],
    clear: true,
    dry: 3,
    stars: 0,
  })
  await get('/v1/skies/a/b%2Fc')
  assert.deepEqual(seen.pop(), { note: 'a/b/c' })
  const painted = await put('/v1/weather/s2:paint?clear=false', { city: 'x', height_cm: 5 })
  assert.deepEqual(painted.json(), { city: 'x', heightCm: '5' })
  assert.deepEqual(seen.pop(), { id: 's2', place: { city: 'x', heightCm: '5' } })
  const reasons = async (answer: ReturnType<typeof get>) =>
    (await answer).json().fields.map((one: { field: string; reason: string }) => `${one.field} ${one.reason}`)
  assert.deepEqual(await reasons(get('/v1/weather/l/sky/s?wet=a&dry=1')), ['dry ONE_OF'])
  assert.deepEqual(await reasons(get('/v1/weather/l/sky/s?colours=7&clear=ja&clouds=1&warmth=hot&photo=*')), [
    'clouds UNKNOWN_FIELD',
  ])
  assert.deepEqual(await reasons(get('/v1/weather/l/sky/s?colours=7&clear=ja&warmth=hot&photo=*')), [
    'colours[0] UNKNOWN_VALUE',
    'clear WRONG_TYPE',
    'warmth WRONG_TYPE',
    'photo WRONG_TYPE',
  ])
  assert.deepEqual(await reasons(put('/v1/weather/s:paint', { city: [], heightCm: 1, height_cm: 2 })), [
    'place.city WRONG_TYPE',
    'place.height_cm FIELD_TWICE',
  ])
  assert.ok('/v1/weather/{place.city}/sky/{id}' in (gateway.openapi as { paths: object }).paths)
  await gateway.close()
})

test('routes: fixed before variable, verbs apart, two rpcs never on one address', () => {
  const router = new Router<string>()
  router.add('GET', '/v1/a/{x}', 'one')
  router.add('GET', '/v1/a/all', 'all')
  router.add('POST', '/v1/a/{y}:stop', 'stop')
  assert.equal(router.find('GET', '/v1/a/all')?.target, 'all')
  assert.deepEqual(router.find('GET', '/v1/a/q%3A1')?.values, [['x', 'q:1']])
  assert.deepEqual(router.find('POST', '/v1/a/q:1:stop')?.values, [['y', 'q:1']])
  assert.equal(router.find('POST', '/v1/a/q:start'), undefined)
  assert.equal(router.find('GET', '/v1/a/'), undefined)
  assert.deepEqual(router.verbs('/v1/a/q:stop'), ['GET', 'POST'])
  assert.throws(() => router.add('GET', '/v1/a/{z}', 'again'), /two rpcs claim/)
  assert.throws(() => router.add('GET', '/v1/{name=shelves/*}', 'x'), /not supported/)
})
