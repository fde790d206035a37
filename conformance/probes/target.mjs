// The server that the probes talk to. Answers by path; on 127.0.0.1 only. Usage: node target.mjs [port]
/* global console, process, setTimeout */
import { createServer } from 'node:http';
import { pathToFileURL } from 'node:url';

const HANDLERS = {
  200: (_request, response) => response.end('{"a":{"b":[1,2]},"text":"ä"}'),
  404: (_request, response) => response.writeHead(404).end('{"code":"NOT_FOUND"}'),
  text: (_request, response) => response.end('no JSON'),
  empty: (_request, response) => response.end(),
  slow: (_request, response, ms) => setTimeout(() => response.end('slow'), Math.min(Number(ms), 10_000)),
  // Sends the head and a part of the body, then nothing.
  stall: (_request, response) => response.writeHead(200, { 'Content-Length': '1000' }).write('part'),
  redirect: (_request, response, left) => {
    const n = Number(left);
    response.writeHead(302, { Location: n > 1 ? `/redirect/${n - 1}` : '/echo' }).end();
  },
  // A redirect by a given status, to see which method and body arrive.
  move: (_request, response, status) => response.writeHead(Number(status), { Location: '/echo' }).end(),
  echo: (request, response) => {
    let body = '';
    request.on('data', (chunk) => (body += chunk));
    request.on('end', () =>
      response.end(
        JSON.stringify({ method: request.method, body, headers: request.headers, rawHeaders: request.rawHeaders }),
      ),
    );
  },
  headers: (_request, response) => {
    response.setHeader('x-twice', ['a', 'b']);
    response.setHeader('SET-COOKIE', ['one=1; Path=/', 'two=2; Path=/; HttpOnly; Max-Age=60']);
    response.setHeader('x-UPPER-id', 'c');
    response.end();
  },
  // Sets the session cookie to the given value and tells what was sent.
  cookie: (request, response, value) => {
    response.setHeader('Set-Cookie', `session=${encodeURIComponent(value)}; Path=/`);
    response.end(JSON.stringify({ sent: request.headers.cookie ?? null }));
  },
  reset: (request) => request.socket.resetAndDestroy(),
  // Remote write: the names of metrics can be read in the compressed body as they are.
  prometheus: (request, response, _argument, report) => {
    let body = '';
    request.setEncoding('latin1').on('data', (chunk) => (body += chunk));
    request.on('end', () => {
      report({ probe: 33, names: [...new Set(body.match(/k6_[a-z0-9_]+/g))].sort() });
      response.writeHead(204).end();
    });
  },
};

/** Starts the target; resolves with its base URL and what closes it. `report` hears what only the target can know. */
export async function startTarget(port, report) {
  const server = createServer((request, response) => {
    const [, name, argument = ''] = request.url.split('?')[0].split('/');
    const handler = Object.hasOwn(HANDLERS, name) ? HANDLERS[name] : HANDLERS[404];
    handler(request, response, decodeURIComponent(argument), report);
  });
  await new Promise((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { url } = await startTarget(Number(process.argv[2] ?? 9444), (answer) => console.log(JSON.stringify(answer)));
  console.log(`the probes' target listens on ${url}`);
}
