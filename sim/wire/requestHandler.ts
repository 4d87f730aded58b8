import type { Router } from './router.ts';

/** What the SDK hands to a request handler, as far as it matters here. */
interface SdkRequest {
  readonly method: string;
  readonly path: string;
  readonly query?: Readonly<Record<string, string | string[] | null>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** What the SDK takes back. */
interface SdkResponse {
  readonly statusCode: number;
  readonly headers: Record<string, string>;
  readonly body: Uint8Array;
}

/** A `requestHandler` for SDK clients that answers in process: everything of the SDK runs but the network. */
export interface RequestHandler {
  readonly metadata: { readonly handlerProtocol: string };
  readonly handle: (request: SdkRequest) => Promise<{ response: SdkResponse }>;
  readonly updateHttpClientConfig: () => void;
  readonly httpHandlerConfigs: () => Record<string, never>;
  readonly destroy: () => void;
}

/** Wraps a router as a request handler; requests must carry text or bytes, not streams. */
export function createRequestHandler(router: Router): RequestHandler {
  return {
    metadata: { handlerProtocol: 'http/1.1' },
    handle: async (request) => {
      const { statusCode, headers, body } = router({
        method: request.method,
        path: request.path,
        query: Object.fromEntries(
          Object.entries(request.query ?? {}).map(([name, value]) => [name, String(value ?? '')]),
        ),
        headers: Object.fromEntries(
          Object.entries(request.headers).map(([name, value]) => [name.toLowerCase(), value]),
        ),
        body: textOf(request.body),
      });
      return { response: { statusCode, headers: { ...headers }, body: new TextEncoder().encode(body) } };
    },
    updateHttpClientConfig: () => {},
    httpHandlerConfigs: () => ({}),
    destroy: () => {},
  };
}

function textOf(body: unknown): string {
  if (body === undefined || body === null) {
    return '';
  }
  if (typeof body === 'string') {
    return body;
  }
  if (body instanceof Uint8Array) {
    return new TextDecoder().decode(body);
  }
  throw new TypeError(`Cannot read a request body: must be text or bytes, but found ${typeof body}`);
}
