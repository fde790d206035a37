import type { Client } from './client.ts';
import { program, toolFile } from './search.ts';

/** Locust (PyPI, MIT) with either of its HTTP users: FastHttpUser on geventhttpclient, HttpUser on requests. */
const locust = (user: 'FastHttpUser' | 'HttpUser', flows: Client['flows']): Client => ({
  name: `Locust ${user}`,
  flows,
  renewsCookie: true,
  find() {
    const path = program('locust');
    if (path === undefined) return { missing: 'no locust in PATH or BENCH_TOOLS' };
    return {
      command: ({ target, flows, users }) => ({
        file: path,
        args: [
          ...['-f', toolFile('locustfile.py'), '--headless', '--skip-log-setup', '--host', target],
          ...['--users', String(users), '--spawn-rate', String(users), `Flow${user}`],
        ],
        env: { FLOWS_PER_USER: String(flows / users), PYTHONDONTWRITEBYTECODE: '1' },
      }),
    };
  },
});

export const locustFast = locust('FastHttpUser', [1_000, 5_000]);
export const locustUsual = locust('HttpUser', [500, 2_000]);
