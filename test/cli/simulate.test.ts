import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { emptyFolder, pairstorm, start } from './command.ts';

const folder = emptyFolder();

beforeAll(async () => {
  await pairstorm(folder, ['inventory', '--users', '60', '--out', 'people.json', '--quiet']);
});

/** The address that a started simulator prints. */
async function listening(running: ReturnType<typeof start>): Promise<string> {
  let text = '';
  running.child.stdout.on('data', (chunk: string) => (text += chunk));
  await running.says('pairstorm run smoke');
  return /https?:\/\/[\d.]+:\d+/.exec(text)![0];
}

describe('pairstorm simulate', () => {
  it('prints a line to try it with that works as it stands, and ends with 0 on Ctrl-C', async () => {
    const running = start(folder, ['simulate', '--port', '0', '--inventory', 'people.json']);
    const url = await listening(running);
    let code: number | null;
    try {
      const counts = (): Promise<unknown> => fetch(`${url}/admin/counts`).then((answer) => answer.json());
      expect(await counts()).toMatchObject({ starts: 0 });
      const { child, ended } = running;
      child.kill('SIGINT');
      const { stdout, ...rest } = await ended;
      code = rest.code;
      expect(rest.stderr).toBe('');
      expect(stdout).toMatch(/60, from people\.json/);
      expect(stdout).toMatch(/client {4}pairstorm, secret/);
    } finally {
      running.child.kill('SIGKILL');
    }
    expect(code).toBe(0);
  });

  it('answers the printed curl line with the first state of a flow, over TLS too', async () => {
    for (const flags of [[], ['--tls']]) {
      const running = start(folder, ['simulate', '--port', '0', '--inventory', 'people.json', ...flags]);
      try {
        let text = '';
        running.child.stdout.on('data', (chunk: string) => (text += chunk));
        await running.says('pairstorm run smoke');
        const line = /curl .*/.exec(text)![0];
        const { stdout } = await promisify(execFile)('sh', ['-c', line]);
        expect(JSON.parse(stdout)).toMatchObject({ status: 'USERNAME_PASSWORD_REQUIRED' });
      } finally {
        running.child.kill('SIGTERM');
        expect((await running.ended).code).toBe(0);
      }
    }
  });

  it("has a flag for each setting of the simulator's table", async () => {
    const help = await pairstorm(folder, ['simulate', '--help']);
    const { SIMULATOR_SETTINGS } = await import('../../simulator/settings.ts');
    for (const [name, setting] of Object.entries(SIMULATOR_SETTINGS)) {
      if (typeof setting.default === 'object') continue;
      expect(help.stdout).toContain(`--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)} `);
    }
  });

  it('forgets an idle flow ten times as soon with --time-scale 0.1', async () => {
    const running = start(folder, [
      'simulate',
      '--port',
      '0',
      '--inventory',
      'people.json',
      '--flow-idle-ms',
      '300',
      '--time-scale',
      '0.1',
    ]);
    try {
      const url = await listening(running);
      const headers = { 'X-XSRF-Header': 'test' };
      const query = 'client_id=pairstorm&response_type=code&response_mode=pi.flow&scope=openid';
      const answer = await fetch(`${url}/as/authorization.oauth2?${query}`, { headers });
      const { id } = (await answer.json()) as { id: string };
      const cookie = answer.headers
        .getSetCookie()
        .map((line) => line.split(';')[0])
        .join('; ');
      await new Promise((resolve) => setTimeout(resolve, 200));
      const gone = await fetch(`${url}/pf-ws/authn/flows/${id}`, { headers: { ...headers, cookie } });
      expect(gone.status).toBe(404);
    } finally {
      running.child.kill('SIGTERM');
      await running.ended;
    }
  });
});
