import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { asStarted, shellWord } from '../../cli/as-started.ts';
import type { ResultObject } from '../../cli/result.ts';
import { inTime } from '../late-machine.ts';
import { emptyFolder, pairstorm, start, startByNpx, writeInventory } from './command.ts';
import type { Ended } from './command.ts';

const folder = emptyFolder();

beforeAll(() => {
  writeInventory(join(folder, 'people.json'), 60);
});

/** The address that a started simulator prints. */
async function listening(running: ReturnType<typeof start>): Promise<string> {
  let text = '';
  running.child.stdout.on('data', (chunk: string) => (text += chunk));
  await running.says(/load it .*\n/);
  return /https?:\/\/[\d.]+:\d+/.exec(text)![0];
}

/** What a user gets who pastes a line into a shell in that folder. */
function shell(line: string): Promise<Ended> {
  const env = { PATH: process.env['PATH'] ?? '', PUSH_DECIDED_BY: 'poll' };
  return new Promise((resolve) => {
    execFile('sh', ['-c', line], { cwd: folder, env }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
    });
  });
}

describe('A command that is printed to be pasted', () => {
  it('is called as this one was', () => {
    const entry = join(folder, 'build', 'cli', 'pairstorm.js');
    mkdirSync(join(folder, 'build', 'cli'), { recursive: true });
    writeFileSync(entry, '');
    expect(asStarted(entry, folder)).toBe('node build/cli/pairstorm.js');
    expect(asStarted(entry, join(folder, 'build'))).toBe('node cli/pairstorm.js');
    expect(asStarted(entry, '/')).toBe(`node ${entry.slice(1)}`);
    expect(asStarted(entry, join(folder, 'elsewhere'))).toBe(`node ${entry}`);
    const bin = join(folder, 'node_modules', '.bin', 'pairstorm');
    expect(asStarted(bin, folder)).toBe('npx --no-install pairstorm');
    expect(asStarted(bin, join(folder, 'tests'))).toBe('npx --no-install pairstorm');
    expect(asStarted('/usr/local/bin/pairstorm', folder)).toBe('pairstorm');
  });

  it('quotes what a shell would take apart', () => {
    expect(['a b', "it's", 'x=/y.json'].map(shellWord)).toEqual(["'a b'", String.raw`'it'\''s'`, 'x=/y.json']);
  });
});

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

  it('ends with the npx that started it', async () => {
    const running = startByNpx(emptyFolder(), ['simulate', '--port', '0']);
    await listening(running);
    running.child.kill('SIGTERM');
    // Until the simulator, too, has let go of stdout.
    await running.ended;
  });

  it('answers the printed curl line with the first state of a flow, over TLS too', async () => {
    for (const flags of [[], ['--tls']]) {
      const running = start(folder, ['simulate', '--port', '0', '--inventory', 'people.json', ...flags]);
      try {
        let text = '';
        running.child.stdout.on('data', (chunk: string) => (text += chunk));
        await running.says(/load it .*\n/);
        const line = /curl .*/.exec(text)![0];
        const { stdout } = await promisify(execFile)('sh', ['-c', line]);
        expect(JSON.parse(stdout)).toMatchObject({ status: 'USERNAME_PASSWORD_REQUIRED' });
      } finally {
        running.child.kill('SIGTERM');
        expect((await running.ended).code).toBe(0);
      }
    }
  });

  it.concurrent.each([
    ['over HTTP, on all addresses', ['--host', '0.0.0.0']],
    ['over TLS', ['--tls']],
  ])(
    'prints a line that puts it under load, which passes as it stands: %s',
    async (_title, flags) => {
      const played = await inTime(
        0.1,
        async (timeScale) => {
          const scaled = [...flags, '--latency', 'off', '--time-scale', String(timeScale)];
          const running = start(folder, ['simulate', '--port', '0', '--inventory', 'people.json', ...scaled]);
          try {
            await running.says(/load it .*\n/);
            const line = /load it +(.*)/.exec(running.said())![1]!;
            // Whether this machine keeps up is decided by inTime.
            const { code, stdout, stderr } = await shell(`${line} --allow-invalid --quiet --json --workers 0`);
            return { code, stderr, result: JSON.parse(stdout) as ResultObject };
          } finally {
            running.child.kill('SIGTERM');
            await running.ended;
          }
        },
        ({ code, result }) => (code === 0 ? undefined : result.ownDelay),
      );
      expect(played.code, played.stderr).toBe(0);
      expect(played.result).toMatchObject({ verdict: 'pass', flows: 60 });
    },
    240_000,
  );

  it('names the address at which others find it in what it prints', async () => {
    const args = ['--port', '0', '--inventory', 'people.json', '--host', '0.0.0.0'];
    const running = start(folder, ['simulate', ...args, '--base-url', 'https://pf.example.test:9031']);
    try {
      await running.says(/load it .*\n/);
      expect(running.said()).not.toContain('0.0.0.0');
      expect(running.said()).toMatch(
        /load it +PF_BASE_URL=https:\/\/pf\.example\.test:9031 TLS_SKIP_VERIFY=true ALLOW_HOSTS=pf\.example\.test INVENTORY=\S+ node \S+pairstorm\.js run smoke\n/,
      );
    } finally {
      running.child.kill('SIGTERM');
      await running.ended;
    }
  });

  it("has a flag for each setting of the simulator's table", async () => {
    const help = await pairstorm(folder, ['simulate', '--help']);
    const { SIMULATOR_SETTINGS } = await import('../../simulator/settings.ts');
    for (const [name, setting] of Object.entries(SIMULATOR_SETTINGS)) {
      if (setting.parse.type === 'list') continue;
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
