/** The cluster that a message names which the function sent itself; undefined for any other message. */
export function clusterOfWakeUp(body: string): string | undefined {
  return body.startsWith('{"asgSrv"') ? /"cluster":"([^"]*)"/.exec(body)?.[1] : undefined;
}
