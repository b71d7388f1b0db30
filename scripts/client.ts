// Makes packages/client/gen: types and routes of all rpcs, from the OpenAPI document the gateway would serve.
import * as fs from 'node:fs'
import * as path from 'node:path'
import { generate, type OpenApi } from '@jinbao/client/generate.ts'
import { openApiOfImage } from '@jinbao/gateway/openapi.ts'

const root = path.resolve(import.meta.dirname, '..')
const file = path.join(root, 'packages/client/gen/operations.ts')
const image = fs.readFileSync(path.join(root, 'proto/gen/image.binpb'))
const text = generate(openApiOfImage(image) as unknown as OpenApi)
fs.mkdirSync(path.dirname(file), { recursive: true })
if (!fs.existsSync(file) || fs.readFileSync(file, 'utf8') !== text) fs.writeFileSync(file, text)
