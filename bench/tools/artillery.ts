import type { Client } from './client.ts';
import { TOOLS_PATH, program, toolFile } from './search.ts';

/** Artillery (npm, MPL-2.0): users loop over the flow, in a scenario in YAML. */
export const artillery: Client = {
  name: 'Artillery',
  flows: [500, 3_000],
  renewsCookie: true,
  find() {
    const path = program('artillery');
    if (path === undefined) return { missing: 'no artillery in PATH or BENCH_TOOLS' };
    return {
      command: ({ target, flows, users }) => ({
        file: path,
        args: ['run', '--quiet', '--target', target, toolFile('artillery.yml')],
        env: {
          PATH: TOOLS_PATH,
          BENCH_USERS: String(users),
          FLOWS_PER_USER: String(flows / users),
          ARTILLERY_DISABLE_TELEMETRY: 'true',
          // By default it runs a worker per core, but the target needs one of the two.
          WORKERS: '1',
        },
      }),
    };
  },
};
