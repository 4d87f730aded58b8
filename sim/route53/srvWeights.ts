/** Weights of SRV values by instance id. A value is `priority weight port host`, the host's first label the instance id. */
export function srvWeights(values: readonly string[]): ReadonlyMap<string, number> {
  return new Map(
    values.map((value) => {
      const [, weight = '', , host = ''] = value.split(' ');
      return [host.split('.')[0] ?? '', Number(weight)];
    }),
  );
}
