export async function runDemo(write: (text: string) => void): Promise<number> {
  write('')
  return 0
}
