import { createInterface } from "node:readline/promises";

/** Asks the person at the terminal; only a whole `y` or `yes` is one. */
export async function confirms(question: string, signal: AbortSignal): Promise<boolean> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await lines.question(`${question} [y/N] `, { signal });
    return /^y(es)?$/i.test(answer.trim());
  } catch (error) {
    const isNo = signal.aborted || (error instanceof Error && error.name === "AbortError");
    if (!isNo) throw error;
    // Ctrl-C and the end of input are a no, and leave the cursor behind the question.
    process.stderr.write("\n");
    return false;
  } finally {
    lines.close();
  }
}
