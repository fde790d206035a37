import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { makeInventory } from '../../../population/inventory.ts';
import { play } from './stage.ts';

const { users, ...head } = makeInventory({ users: 50, seed: 21, version: 'test' });

test.each([
  ['decide', 'F10', '{"code":"UNEXPECTED_ERROR"}', 'UNEXPECTED_ERROR'],
  ['decide', 'F10', 'down', 'HTTP 500 without JSON'],
  ['pair', 'F1', '{}', 'HTTP 500'],
])(
  'a device driver whose /%s fails is a fault of the harness, not of people: %s, %s',
  async (path, kind, body, said) => {
    const driver = createServer((request, response) => {
      request.resume();
      const fails = request.url === `/${path}`;
      response.writeHead(fails ? 500 : request.url === '/reset' ? 200 : 400, { 'content-type': 'application/json' });
      response.end(fails ? body : '{"code":"INVALID_REQUEST","message":""}');
    });
    await new Promise<void>((resolve) => void driver.listen(0, '127.0.0.1', resolve));
    const { port } = driver.address() as AddressInfo;
    try {
      const user = users.find((candidate) => candidate.kind === kind)!;
      const { table, failures, result } = await play(
        { ...head, users: [user] },
        { PHONE_URL: `http://127.0.0.1:${port}`, PUSH_DECIDED_BY: 'poll' },
      );
      expect(table.outcomes).toEqual({ [kind]: { harness_error: 1 } });
      // Nor does it count as a pairing that went well, or that did not.
      expect(result.summary.metrics['pairing_error_rate']?.values).toMatchObject({ passes: 0, fails: 0 });
      expect(failures.join()).toContain(`the device driver failed: ${path}: ${said}`);
      expect(result.thresholds.find(({ metric }) => metric === 'http_req_failed{peer:device}')).toMatchObject({
        ok: false,
      });
    } finally {
      driver.closeAllConnections();
      driver.close();
    }
  },
);
