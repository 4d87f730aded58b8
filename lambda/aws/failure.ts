/** Wraps what the SDK threw: what could not be done, and AWS's own code and words. The cause is kept. */
export function failure(what: string, thrown: unknown): Error {
  const { name, message } = thrown instanceof Error ? thrown : { name: 'Unknown', message: String(thrown) };
  const error = new Error(`Cannot ${what}: AWS answered ${name}: ${message}`, { cause: thrown });
  error.name = name;
  return error;
}

/** AWS's error code, which the SDK gives as the error's name. */
export function errorCode(thrown: unknown): string {
  return thrown instanceof Error ? thrown.name : '';
}
