import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { figuresOfSummary, outcomeTable } from '../../../contract/figures.ts';
import { encodeInventory } from '../../../contract/inventory.ts';
import { run } from '../../../engine/run.ts';
import { makeInventory } from '../../../population/inventory.ts';
import { isOfSetup } from './stage.ts';

/** What a server says to a request. */
export type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** What a request asks for: `start`, an action by its media type, or else its method. */
export function askedFor({ url = '', method = '', headers }: IncomingMessage): string {
  if (url.startsWith('/as/authorization')) return 'start';
  return /vnd\.pingidentity\.(\w+)/.exec(headers['content-type'] ?? '')?.[1] ?? method;
}

const folder = mkdtempSync(join(tmpdir(), 'pairstorm-hostile-'));
/** An inventory of fifty users. */
export const inventory = join(folder, 'inventory.json');
const drawn = makeInventory({ users: 50, seed: 5, version: 'test' });
writeFileSync(inventory, encodeInventory(drawn));

/** An inventory of so many users, and what nobody may hear of them. */
export function peopled(users: number) {
  const made = makeInventory({ users, seed: 5, version: 'test' });
  const file = join(folder, `${users} users.json`);
  writeFileSync(file, encodeInventory(made));
  return { file, secrets: made.users.flatMap(({ username, password }) => [username, password]) };
}

/** An inventory of the users of one kind. */
export function inventoryOf(kind: string): string {
  const file = join(folder, `${kind}.json`);
  writeFileSync(file, encodeInventory({ ...drawn, users: drawn.users.filter((user) => user.kind === kind) }));
  return file;
}
// Files of tests share a process, so the folder is there for all of them.
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));

export const json =
  (status: number, body: unknown): Answer =>
  (_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body));
  };

/** What refuses the code that a run makes up before its load, as any PingFederate does; then `answer`. */
export function afterProbe(answer: Answer): Answer {
  let probed = false;
  return (request, response) => {
    const probes = !probed && request.url === '/as/token.oauth2';
    probed ||= probes;
    (probes ? json(400, { error: 'invalid_grant' }) : answer)(request, response);
  };
}

/** Runs ten flows of dist/smoke.js against a server that has a heartbeat and a phone, and answers flows as given. */
export async function meet(flows: Answer, env: Readonly<Record<string, string>> = {}) {
  const answer = afterProbe(flows);
  const server = createServer((request, response) => {
    request.resume();
    request.on('end', () => {
      if (request.url === '/pf/heartbeat.ping') response.end('OK');
      else if (request.url === '/phone/code') json(400, { code: 'INVALID_REQUEST', message: '' })(request, response);
      else if (request.url === '/phone/reset') response.writeHead(204).end();
      else answer(request, response);
    });
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const lines: string[] = [];
  const warnings: string[] = [];
  try {
    const result = await run({
      bundlePath: 'dist/smoke.js',
      // As the command says of our bundles, whose calls test/bundles looks at.
      knownCalls: true,
      env: {
        PF_BASE_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
        INVENTORY: inventory,
        FLOWS: '10',
        VUS: '5',
        TIME_SCALE: '0.01',
        ...env,
      },
      // Whether this machine keeps up is not what these tests are about.
      allowInvalid: true,
      onConsole: (_level, line) => {
        if (!isOfSetup(line)) lines.push(line);
      },
      onWarning: (line) => warnings.push(line),
    });
    return { result, table: outcomeTable(figuresOfSummary(result.summary)), lines, warnings };
  } finally {
    server.closeAllConnections();
    server.close();
  }
}
