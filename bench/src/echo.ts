// The bare thing beside ours: Fastify that answers a POST with its body.
import Fastify from 'fastify'

const app = Fastify()
app.post('/v1/employment/persons/:person/protections', async (request) => request.body)
const url = await app.listen({ port: 0, host: '127.0.0.1' })
console.log(JSON.stringify({ url }))
process.once('SIGTERM', () => app.close())
