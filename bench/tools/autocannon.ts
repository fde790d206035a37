import type { Client } from './client.ts';
import { program, toolFile } from './search.ts';

/** autocannon (npm, MIT): five requests in a row on each connection; its hooks set cookie, flow id and code. */
export const autocannon: Client = {
  name: 'autocannon',
  flows: [4_000, 24_000],
  renewsCookie: true,
  find() {
    const path = program('autocannon');
    if (path === undefined) return { missing: 'no autocannon in PATH or BENCH_TOOLS' };
    return {
      command: ({ target, flows, users }) => ({
        file: process.execPath,
        args: [toolFile('autocannon-flows.js'), path, target, String(flows), String(users)],
      }),
    };
  },
};
