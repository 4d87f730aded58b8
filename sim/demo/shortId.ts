const instanceId = /i-[0-9a-f]{8,17}/gu;
const changeId = /\bC0[0-9A-F]{19}\b/gu;

/** The text with each instance id and change id cut down to its ends, such as `i-042a…883c`: enough to tell a handful of hosts apart. */
export function shortIds(text: string): string {
  return text
    .replace(instanceId, (id) => `${id.slice(0, 6)}…${id.slice(-4)}`)
    .replace(changeId, (id) => `${id.slice(0, 5)}…${id.slice(-4)}`);
}
