// What every transport must do. Runs on the in-process transport and over a real gRPC hop.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { Problem } from '@jinbao/core'
import type { Call, Transport } from './port.ts'
import { callOf, citizen, type EchoHandler, EchoService, message, type Open, refused, withEcho } from './testing.ts'
import { clientOf } from './typed.ts'

const echo: EchoHandler = async (request) => request
const ask = (transport: Transport, extra?: Partial<Call>) =>
  clientOf(EchoService, transport).getEcho(message('你好'), callOf(extra))

export function rpcContract(name: string, open: Open): void {
  test(`${name}: carries request, response and everything of the Call`, async () => {
    let seen: Call | undefined
    const handler: EchoHandler = async (request, call) => {
      seen = call
      return message(`${request.message}！`)
    }
    await withEcho(open, handler, async (transport) => {
      const extra = {
        commandId: 'u1:键',
        commandDigest: 'd1',
        validateOnly: true,
        atLeast: 'pension:17',
        traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
      }
      const asked = callOf({ ...extra, principal: { ...citizen, purpose: '核对待遇' } })
      assert.equal((await clientOf(EchoService, transport).getEcho(message('你好'), asked)).message, '你好！')
      const { principal, token, deadline, signal, ...rest } = seen as Call
      assert.deepEqual(principal, { ...citizen, purpose: '核对待遇' })
      assert.deepEqual(rest, extra)
      assert.equal(token, 'good')
      assert.ok(signal instanceof AbortSignal)
      assert.ok(Math.abs(deadline - asked.deadline) < 500)
    })
  })

  test(`${name}: a handler never shares an object with its caller`, async () => {
    const mine = message('mine')
    const handler: EchoHandler = async (request) => {
      request.message = 'changed'
      return request
    }
    await withEcho(open, handler, async (transport) => {
      assert.equal((await clientOf(EchoService, transport).getEcho(mine, callOf())).message, 'changed')
      assert.equal(mine.message, 'mine')
    })
  })

  test(`${name}: an expected no arrives whole`, async () => {
    const no = new Problem('FAILED_PRECONDITION', 'MONTH_ALREADY_CREDITED', '2026-09 is credited', {
      service: 'pension',
      rule: 'DC-10',
      source: '社会保险法',
      zh: '已记账',
      values: { month: '2026-09' },
      fields: [{ field: 'month', reason: 'TWICE', message: '重复' }],
    })
    const handler: EchoHandler = async () => {
      throw no
    }
    await withEcho(open, handler, async (transport) => {
      await assert.rejects(ask(transport), (error) => {
        refused('FAILED_PRECONDITION', 'MONTH_ALREADY_CREDITED')(error)
        assert.deepEqual((error as Problem).details, no.details)
        assert.equal((error as Problem).message, no.message)
        return true
      })
    })
  })

  test(`${name}: a defect leaks no text`, async () => {
    const handler: EchoHandler = async () => {
      throw new TypeError('secret 测试 in the text')
    }
    await withEcho(open, handler, async (transport) => {
      await assert.rejects(ask(transport), (error) => {
        refused('INTERNAL', 'INTERNAL')(error)
        const { message: text, reason, details, cause } = error as Problem
        assert.equal(text, '')
        assert.doesNotMatch(JSON.stringify([reason, details, cause]), /secret|测试|TypeError/)
        return true
      })
    })
  })

  test(`${name}: a missing or bad token is refused before the handler runs`, async () => {
    let ran = false
    const handler: EchoHandler = async (request) => {
      ran = true
      return request
    }
    await withEcho(open, handler, async (transport) => {
      await assert.rejects(ask(transport, { token: 'forged' }), refused('UNAUTHENTICATED', 'TOKEN_INVALID'))
      const { token: _, ...without } = callOf()
      const bare = clientOf(EchoService, transport).getEcho(message(''), without)
      await assert.rejects(bare, refused('UNAUTHENTICATED', 'TOKEN_MISSING'))
      assert.equal(ran, false)
    })
  })

  test(`${name}: authorize sees path, principal and request, and may refuse`, async () => {
    const seen: unknown[] = []
    const authorize = (...given: unknown[]) => {
      seen.push(...given)
      throw new Problem('PERMISSION_DENIED', 'NOT_YOURS', 'not yours')
    }
    const work = (transport: Transport) => assert.rejects(ask(transport), refused('PERMISSION_DENIED', 'NOT_YOURS'))
    await withEcho(open, echo, work, { authorize })
    assert.deepEqual(seen, [EchoService.getEcho.path, citizen, message('你好')])
  })

  test(`${name}: an unknown method is a Problem`, async () => {
    await withEcho(open, echo, async (transport) => {
      const unknown = transport.unary('/jinbao.test.v1.EchoService/Nothing', Buffer.alloc(0), callOf())
      await assert.rejects(unknown, refused('UNIMPLEMENTED', 'UNIMPLEMENTED'))
    })
  })

  test(`${name}: bytes that are no message, and too many of them, are refused`, async () => {
    const work = async (transport: Transport) => {
      const send = (bytes: Uint8Array) => transport.unary(EchoService.getEcho.path, bytes, callOf())
      await assert.rejects(send(Buffer.from([0x0a, 0xff])), refused('INVALID_ARGUMENT', 'MALFORMED_REQUEST'))
      await assert.rejects(send(Buffer.alloc(1_500)), refused('RESOURCE_EXHAUSTED', 'MESSAGE_TOO_LARGE'))
    }
    await withEcho(open, echo, work, { limits: { messageBytes: 1_000 } })
  })

  test(`${name}: past the deadline the caller hears so at once and the handler's signal aborts`, async () => {
    const aborted = Promise.withResolvers<unknown>()
    const handler: EchoHandler = async (request, { signal }) => {
      signal.addEventListener('abort', () => aborted.resolve(signal.reason))
      await pause(400)
      return request
    }
    await withEcho(open, handler, async (transport) => {
      const started = Date.now()
      const late = ask(transport, { deadline: Date.now() + 80 })
      await assert.rejects(late, refused('DEADLINE_EXCEEDED', 'DEADLINE_EXCEEDED'))
      assert.ok(Date.now() - started < 350)
      refused('DEADLINE_EXCEEDED', 'DEADLINE_EXCEEDED')(await aborted.promise)
    })
  })

  test(`${name}: a cancelled call aborts the handler's signal`, async () => {
    const entered = Promise.withResolvers<void>()
    const aborted = Promise.withResolvers<unknown>()
    const handler: EchoHandler = async (request, { signal }) => {
      signal.addEventListener('abort', () => aborted.resolve(signal.reason))
      entered.resolve()
      await aborted.promise
      return request
    }
    await withEcho(open, handler, async (transport) => {
      const controller = new AbortController()
      const call = ask(transport, { signal: controller.signal })
      await Promise.all([
        assert.rejects(call, refused('CANCELLED', 'CANCELLED')),
        entered.promise.then(() => controller.abort()),
      ])
      refused('CANCELLED', 'CANCELLED')(await aborted.promise)
    })
  })

  test(`${name}: a call that nobody waits for any more never starts`, async () => {
    await withEcho(open, echo, async (transport) => {
      await assert.rejects(ask(transport, { signal: AbortSignal.abort() }), refused('CANCELLED', 'CANCELLED'))
      const late = ask(transport, { deadline: Date.now() - 1 })
      await assert.rejects(late, refused('DEADLINE_EXCEEDED', 'DEADLINE_EXCEEDED'))
    })
  })

  test(`${name}: beyond the concurrency limit calls are shed, and served again afterwards`, async () => {
    const gate = Promise.withResolvers<void>()
    const handler: EchoHandler = async (request) => {
      await gate.promise
      return request
    }
    const work = async (transport: Transport) => {
      const results = Array.from({ length: 5 }, () =>
        ask(transport).then(
          () => 'served',
          (error: Problem) => error,
        ),
      )
      const first = await Promise.race(results)
      refused('RESOURCE_EXHAUSTED', 'OVERLOADED')(first)
      assert.equal((first as Problem).details.retryAfterMs, 700)
      gate.resolve()
      assert.equal((await Promise.all(results)).filter((result) => result === 'served').length, 2)
      assert.equal((await ask(transport)).message, '你好')
    }
    await withEcho(open, handler, work, { limits: { concurrency: 2, retryAfterMs: 700 } })
  })

  test(`${name}: drain lets the running call finish and takes no new one`, async () => {
    const entered = Promise.withResolvers<void>()
    const gate = Promise.withResolvers<void>()
    const handler: EchoHandler = async (request) => {
      entered.resolve()
      await gate.promise
      return request
    }
    await withEcho(open, handler, async (transport, opened) => {
      const running = ask(transport)
      await entered.promise
      const drained = opened.drain()
      await pause(20)
      const turnedAway = clientOf(EchoService, transport).sayEcho(message(''), callOf())
      await assert.rejects(turnedAway, (error) => (error as Problem).code === 'UNAVAILABLE')
      gate.resolve()
      assert.equal((await running).message, '你好')
      await drained
    })
  })
}
