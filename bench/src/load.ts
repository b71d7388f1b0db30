// The load: so many clients post commands for a while; prints what it saw as JSON. Run by http.ts.
import autocannon from 'autocannon'

const [url, token, clients, seconds] = process.argv.slice(2) as [string, string, string, string]
let n = 0
// A day of its own for every command, so that each one is decided and recorded.
const dayOf = (i: number) => new Date(Date.UTC(1970, 0, 1) + (i % 200_000) * 86_400_000).toISOString().slice(0, 10)
const run = `${Date.now()}`

const result = await autocannon({
  url,
  connections: Number(clients),
  duration: Number(seconds),
  headers: { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) },
  requests: [
    {
      method: 'POST',
      setupRequest(request) {
        const i = n++
        const body = { kind: 'SICK_LEAVE', from: dayOf(i), to: '' }
        return {
          ...request,
          path: `/v1/employment/persons/w${i % 2_000}/protections`,
          body: JSON.stringify(body),
          headers: { ...request.headers, 'idempotency-key': `${run}-${i}` },
        }
      },
    },
  ],
})
const { average } = result.requests
console.log(
  JSON.stringify({
    perSecond: average,
    p50: result.latency.p50,
    p99: result.latency.p99,
    errors: result.errors + result.non2xx,
  }),
)
