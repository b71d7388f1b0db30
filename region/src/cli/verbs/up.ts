// Brings a region up in this process and keeps it up.

import { telemetryConfig, telemetryInProcess } from '@jinbao/telemetry/config.ts'
import { startTelemetry, telemetry } from '@jinbao/telemetry/start.ts'
import { openRegion } from '../../region.ts'
import { backupStores } from '../backup.ts'
import { dataFolder, Usage } from '../connection.ts'
import { serveControl } from '../control.ts'
import type { Verb } from '../verb.ts'

export const up: Verb = {
  usage: 'up',
  help: 'Start a region on embedded engines: all services and the gateway in one process, until SIGTERM or Ctrl-C.',
  example: 'up --place 310000 --port 8080',
  options: [
    ['--port <port>', 'port of the gateway', '8080'],
    ['--host <address>', 'address it listens on', '127.0.0.1'],
    ['--synthetic', 'take identity numbers that nobody can hold: to try it out, never with real people'],
  ],
  async run({ globals, io }, _, { port = '', host = '', synthetic }) {
    if (!/^\d{1,5}$/.test(port)) throw new Usage('--port is a number')
    const started = telemetry() ?? (await startTelemetry(telemetryConfig(process.env, telemetryInProcess)))
    const folder = dataFolder(globals)
    const region = await openRegion({
      place: globals.place,
      folder,
      timer: true,
      allowSyntheticIds: Boolean(synthetic),
    })
    const url = await region.gateway.listen({ port: Number(port), host })
    const closeControl = await serveControl(folder, (to) => backupStores(region.stores, to))
    const token = await region.issuer.mint({ subject: 'officer', roles: ['officer'] })
    io.write(
      [
        `region ${globals.place} is up at ${url}, its data in ${folder}`,
        `API reference: ${url}/docs`,
        `a token of an officer, good for twelve hours (others: jinbao token): ${token}`,
        'next: npm run jinbao -- import persons examples/110000/persons.csv',
        '',
      ].join('\n'),
    )
    await new Promise<void>((resolve) => {
      process.once('SIGTERM', resolve)
      process.once('SIGINT', resolve)
    })
    closeControl()
    await region.close()
    await started.shutdown()
  },
}
