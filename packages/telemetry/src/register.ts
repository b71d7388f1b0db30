// Preload: `node --import @jinbao/telemetry/register main.ts` starts what the environment asks for.
import { telemetryConfig } from './config.ts'
import { startTelemetry } from './start.ts'

const running = await startTelemetry(telemetryConfig(process.env))
process.once('beforeExit', () => void running.flush())
