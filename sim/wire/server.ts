import { createServer, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import type { WireRequest, WireResponse } from './wireMessage.ts';

/** A running server. */
export interface WireServer {
  /** Such as `http://127.0.0.1:40123`, for `AWS_ENDPOINT_URL`; also what `Sqs.endpoint` must be before queue URLs are handed out. */
  readonly url: string;
  /** Ends open connections too. */
  readonly close: () => Promise<void>;
}

/** What answers a request, at once or later; nothing where the connection is to be cut, as when the caller or its network ends. */
type Answerer = (request: WireRequest) => WireResponse | undefined | Promise<WireResponse | undefined>;

/** Serves the services over HTTP on loopback, on a port of the system's choice. A defect of the simulation answers 500 with its text. */
export async function startServer(answer: Answerer): Promise<WireServer> {
  const server = createServer((incoming, outgoing) => {
    readRequest(incoming)
      .then(answer)
      .then(
        (response) => {
          if (response === undefined) {
            outgoing.destroy();
          } else {
            // Callers live by the world's clock or by the machine's. The SDK takes a refusal whose date is far from its clock for the date's fault,
            // and calls once more.
            outgoing.sendDate = false;
            outgoing.writeHead(response.statusCode, response.headers).end(response.body);
          }
        },
        (error: unknown) => outgoing.writeHead(500, { 'content-type': 'text/plain' }).end(String(error)),
      );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') {
    throw new Error(`Cannot tell the port of the server: must listen on TCP, but found ${address}`);
  }
  return {
    url: `http://127.0.0.1:${address.port}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve, reject) => {
        server.close((error) => (error === undefined ? resolve() : reject(error)));
      });
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
