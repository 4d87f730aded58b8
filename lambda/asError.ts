/** What was thrown, as an error: JavaScript lets anything be thrown. */
export function asError(thrown: unknown): Error {
  return thrown instanceof Error
    ? thrown
    : new Error(`Cannot go on: something that is no error was thrown: ${String(thrown)}`);
}
