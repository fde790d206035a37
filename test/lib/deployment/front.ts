import { createServer, request as forward } from 'node:http';
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { ServerOptions } from 'node:https';
import type { AddressInfo } from 'node:net';

/** One exchange that went through. */
export interface Exchange {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly status: number;
  readonly answerHeaders: IncomingHttpHeaders;
  readonly answer: string;
}

/** What a front changes of an answer; undefined leaves it as it is. */
type Change = (exchange: Exchange) => { readonly status: number; readonly answer: string } | undefined;

/** A server in front of another, as a gateway is: it passes everything on and remembers it. */
export interface Front {
  readonly url: string;
  readonly seen: readonly Exchange[];
  readonly close: () => void;
}

async function bodyOf(stream: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

/** Starts a front before `target`; with `tls` it speaks HTTPS. */
export async function startFront(
  target: string,
  change: Change = () => undefined,
  tls?: ServerOptions,
): Promise<Front> {
  const seen: Exchange[] = [];
  const pass = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const { method = 'GET', url = '/', headers } = incoming;
    const body = await bodyOf(incoming);
    const sent = forward(new URL(url, target), { method, headers: { ...headers, connection: 'close' } });
    sent.end(body);
    const answered = await new Promise<IncomingMessage>((resolve, reject) => {
      sent.once('response', resolve);
      sent.once('error', reject);
    });
    const exchange: Exchange = {
      ...{ method, url, headers, body },
      status: answered.statusCode ?? 0,
      answerHeaders: answered.headers,
      answer: await bodyOf(answered),
    };
    seen.push(exchange);
    const { status, answer } = change(exchange) ?? exchange;
    const kept = Object.entries(answered.headers).filter(
      ([name]) => !/^(connection|content-length|transfer-|keep-)/.test(name),
    );
    outgoing.writeHead(status, Object.fromEntries(kept) as Record<string, string>);
    outgoing.end(answer);
  };
  const listener = (incoming: IncomingMessage, outgoing: ServerResponse): void =>
    void pass(incoming, outgoing).catch(() => outgoing.destroy());
  const server = tls === undefined ? createServer(listener) : createTlsServer(tls, listener);
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`,
    seen,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
