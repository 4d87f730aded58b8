import { createServer, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import type { WireRequest, WireResponse } from '../wire/wireMessage.ts';

/** Where a deployed function reaches the services. */
export interface Endpoint {
  /** Such as `http://127.0.0.1:40123`. */
  readonly url: string;
  readonly close: () => Promise<void>;
}

/**
 * Serves the services on loopback as `startServer` does, except that an answer may be long in coming, and may never come: then the connection
 * is cut, as it is when the caller or its network ends.
 */
export async function startEndpoint(
  answer: (request: WireRequest) => Promise<WireResponse | undefined>,
): Promise<Endpoint> {
  const server = createServer((incoming, outgoing) => {
    readRequest(incoming)
      .then(answer)
      .then(
        (response) => {
          if (response === undefined) {
            outgoing.destroy();
          } else {
            outgoing.writeHead(response.statusCode, response.headers).end(response.body);
          }
        },
        (error: unknown) => outgoing.writeHead(500, { 'content-type': 'text/plain' }).end(String(error)),
      );
  });
  const listening = Promise.withResolvers<void>();
  server.once('error', listening.reject).listen(0, '127.0.0.1', listening.resolve);
  await listening.promise;
  const address = server.address();
  if (address === null || typeof address === 'string') {
    throw new Error(`Cannot tell the port of the endpoint: it must listen on TCP: found "${address}"`);
  }
  return {
    url: `http://127.0.0.1:${address.port}`,
    close: async () => {
      const closed = Promise.withResolvers<void>();
      server.close(() => closed.resolve());
      server.closeAllConnections();
      await closed.promise;
    },
  };
}

async function readRequest(incoming: IncomingMessage): Promise<WireRequest> {
  const url = new URL(incoming.url ?? '/', 'http://127.0.0.1');
  return {
    method: incoming.method ?? 'GET',
    path: url.pathname,
    query: Object.fromEntries(url.searchParams),
    headers: Object.fromEntries(Object.entries(incoming.headers).map(([name, value]) => [name, String(value)])),
    body: await text(incoming),
  };
}
