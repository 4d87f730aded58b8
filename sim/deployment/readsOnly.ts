import type { WireRequest } from '../wire/wireMessage.ts';

/** Whether a request changes nothing, told by the name of its operation or, for Route 53, by its method. */
export function readsOnly({ method, headers, body }: WireRequest): boolean {
  const action = headers['x-amz-target']?.split('.').at(-1) ?? new URLSearchParams(body).get('Action') ?? '';
  return method === 'GET' || /^(Describe|Get|List)/.test(action);
}
