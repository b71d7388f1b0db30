import assert from 'node:assert/strict'
import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { test } from 'node:test'
import { mapOf, mapPage } from './map.ts'
import { yamlFaults } from './yaml.ts'

const files = {
  'proto/jinbao/fund/v1/fund.proto': `
service FundService {
  // Pays what is due (art. 8). Twice does nothing.
  rpc PayDue(PayDueRequest) returns (PayDueResponse) {
    option (google.api.http) = {
      post: "/v1/fund/{month}/payments:pay"
      body: "*"
    };
  }
  // What was paid.
  rpc GetPayment(GetPaymentRequest) returns (GetPaymentResponse) {
    option (google.api.http) = {get: "/v1/fund/payments/{id}"};
  }
}
`,
  'proto/jinbao/fund/v1/events.proto': `
// Money left.
message PaymentMade {
  repeated Line lines = 1;
}
// Part of a payment.
message Line {}
`,
  'services/fund/src/service.ts': '',
  'services/fund/src/streams.ts': "export const payments = aggregate('payment', events, decider)",
  'services/fund/src/views.ts': "view(events, { source: 'identity' })",
  'services/fund/src/reactions.ts': "export const reactions = [\n  on('pension', events, 'AwardMade', () => []),\n]",
}

function inside<T>(look: (top: string) => T): T {
  const top = fs.mkdtempSync(path.join(os.tmpdir(), 'map-'))
  try {
    for (const [file, text] of Object.entries(files)) {
      fs.mkdirSync(path.dirname(path.join(top, file)), { recursive: true })
      fs.writeFileSync(path.join(top, file), text)
    }
    return look(top)
  } finally {
    fs.rmSync(top, { recursive: true, force: true })
  }
}

test('the map is read from protos and services', () => {
  assert.deepEqual(
    inside((top) => mapOf('fund', top)),
    {
      name: 'fund',
      streams: ['fund-payment-<id>'],
      commands: [{ name: 'PayDue', route: 'POST /v1/fund/{month}/payments:pay', about: 'Pays what is due (art. 8).' }],
      questions: [{ name: 'GetPayment', route: 'GET /v1/fund/payments/{id}', about: 'What was paid.' }],
      events: [{ name: 'PaymentMade', about: 'Money left.' }],
      reactions: [{ source: 'pension', type: 'AwardMade' }],
      watches: ['identity'],
    },
  )
})

test('the map draws who listens to whom', () => {
  const page = inside(mapPage)
  assert.match(page, /pension --> fund\n {2}identity --> fund/)
})

test('a key that stands twice in a YAML map is found, with its line', () => {
  assert.deepEqual(
    yamlFaults('a: 1\nb:\n  c: 1\n  c: 2\n').map(({ line }) => line),
    [4],
  )
  assert.deepEqual(yamlFaults('a: 1\n---\na: 2\n'), [])
})
