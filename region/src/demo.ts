// `npm run demo`: the main job on fresh regions, one a place, from the files in examples/, over the public API.
import { beijing } from './demo/beijing.ts'
import { lhasa } from './demo/lhasa.ts'
import { shanghai } from './demo/shanghai.ts'
import { onStage, type Write } from './demo/stage.ts'

/** Answers how many figures differ from the examples of the law. */
export async function runDemo(write: Write): Promise<number> {
  const wrong: string[] = []
  await onStage('110000', write, wrong, beijing)
  await onStage('310000', write, wrong, shanghai)
  await onStage('540100', write, wrong, lhasa)
  write(wrong.length > 0 ? `\n${wrong.map((one) => `✗ ${one}\n`).join('')}` : '\nevery figure came out to the fen\n')
  return wrong.length
}
