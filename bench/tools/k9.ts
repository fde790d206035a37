import type { Client } from './client.ts';
import { program, toolFile } from './search.ts';

/** k9 (PyPI `k9-load`, MIT or Apache-2.0): a declarative plan, which its engine in Rust plays without Python. */
export const k9: Client = {
  name: 'k9',
  flows: [4_000, 24_000],
  renewsCookie: true,
  find() {
    const path = program('k9');
    if (path === undefined) return { missing: 'no k9 in PATH or BENCH_TOOLS' };
    return {
      command: ({ target, flows, users }) => ({
        file: path,
        args: ['run', toolFile('k9plan.py')],
        env: {
          ...{ TARGET: target, USERS: String(users), FLOWS_PER_USER: String(flows / users) },
          PYTHONDONTWRITEBYTECODE: '1',
        },
      }),
    };
  },
};
