import { createServer, request as forward } from 'node:http';
import type { AddressInfo } from 'node:net';
import { closing } from './stage.ts';

/** A front that holds or breaks what a test says, and passes on everything else. */
export async function frontBefore(
  target: string,
  hold: (action: string, url: string) => 'hang' | 'reset' | 'pass',
): Promise<string> {
  const server = createServer((incoming, outgoing) => {
    const action = /vnd\.pingidentity\.(\w+)/.exec(incoming.headers['content-type'] ?? '')?.[1] ?? '';
    const what = hold(action, incoming.url ?? '');
    if (what === 'hang') return;
    if (what === 'reset') return void incoming.socket.destroy();
    const { method, headers, url = '/' } = incoming;
    const sent = forward(new URL(url, target), { method, headers });
    incoming.pipe(sent);
    sent.once('error', () => outgoing.destroy());
    sent.once('response', (answered) => {
      outgoing.writeHead(answered.statusCode ?? 502, answered.headers);
      answered.pipe(outgoing);
    });
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
