import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { emptyFolder } from './command.ts';
import { carriedOut } from './in-process.ts';

/** `npm test` types every seventh of them; `npm run check:habits` all. */
const EVERY = process.env['CARELESS_LINES'] === undefined ? 7 : 1;
if (EVERY > 1) console.warn('left to "npm run check:habits": the rest of the careless lines, and the starter project');

const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { readonly version: string };
const folder = emptyFolder();
writeFileSync(join(folder, 'two.csv'), 'username,password\nann,pw1\nben,pw2\n');
writeFileSync(join(folder, 'own.ts'), 'export default async function (): Promise<void> {}\n');
for (const run of ['2026-11-01T00-00-00Z-smoke', '2026-11-02T00-00-00Z-load']) {
  mkdirSync(join(folder, 'results', run), { recursive: true });
  writeFileSync(join(folder, 'results', run, 'run.json'), '');
}

type Line = readonly [typed: string, works: string, env?: Readonly<Record<string, string>>];

/** What is typed, and the line that works, as the answer says it. */
const LINES: readonly Line[] = [
  ['-h', 'Usage: pairstorm [options] [command]'],
  ['-v', version],
  ['-V', version],
  ['run -V', version],
  ['version', 'write pairstorm --version'],
  ['', 'Usage: pairstorm [options] [command]'],
  ['help run', 'Usage: pairstorm run'],
  // A scenario, a script, a setting, a URL in the place of a command.
  ['smoke', 'write pairstorm run smoke'],
  ['Smoke', 'write pairstorm run smoke'],
  ['load -e RATE=3', 'write pairstorm run load'],
  ['smoke.js', 'write pairstorm run smoke'],
  ['./own.ts', 'write pairstorm run ./own.ts'],
  ['RATE=50', 'write -e RATE=50 behind pairstorm run load'],
  ['https://sso.example.test', 'write pairstorm doctor -e PF_BASE_URL=https://sso.example.test'],
  // Words of other tools.
  ['start', 'write pairstorm run smoke'],
  ['list', 'write pairstorm run'],
  ['serve', 'write pairstorm simulate'],
  ['check', 'write pairstorm doctor'],
  ['diff', 'write pairstorm compare results/<before> results/<after>'],
  ['open', 'write pairstorm report results/<run>'],
  ['new', 'write pairstorm init'],
  ['inventroy', 'Did you mean inventory?'],
  // run: what, and how much.
  ['run', 'pairstorm run smoke       every kind of flow'],
  ['run --gate', 'pairstorm run soak'],
  ['run Smoke', 'write pairstorm run smoke'],
  ['run smok', 'did you mean smoke?'],
  ['run smoke.js', 'write pairstorm run smoke'],
  ['run RATE=50', 'write pairstorm run load -e RATE=50'],
  ['run https://sso.example.test', 'write pairstorm run smoke -e PF_BASE_URL=https://sso.example.test'],
  ['run doctor', 'write: pairstorm doctor'],
  ['run load --rate 50', 'write -e RATE=50'],
  ['run load --rate=50', 'write -e RATE=50'],
  ['run load -rate 50', 'write -e RATE=50'],
  ['run load RATE=50', 'write -e RATE=50'],
  ['run load 50', 'write -e RATE=50'],
  ['run smoke 10', 'write -e FLOWS=10'],
  ['run smoke load', 'write pairstorm run smoke, then pairstorm run load'],
  ['run load -d 5', 'write a duration like 5s, 5m or 1h30m'],
  ['run load --duration 30', 'write a duration like 30s, 30m or 1h30m'],
  ['run load -s 5:10', 'write a duration like 5s, 5m or 1h30m'],
  ['run load -e DURATION=5', 'write a duration like 90s, 5m or 1h30m'],
  ['run load -u 5', 'write -e VUS=5'],
  ['run smoke -i 10', 'write -e FLOWS=10'],
  ['run load -e rate=50', 'did you mean RATE?'],
  ['run load -e RATE', 'write -e NAME=VALUE'],
  [
    'plan results/2026-11-02T00-00-00Z-capacity --peak-hour 5',
    'write --capacity results/2026-11-02T00-00-00Z-capacity',
  ],
  ['run smoke --slo p95', 'write pairstorm capacity --slo "p95"'],
  ['run smoke --kind F4', 'write pairstorm trace --kind F4'],
  // run: whom, and as whom.
  ['run smoke --url http://127.0.0.1:9', 'write -e PF_BASE_URL=http://127.0.0.1:9'],
  ['run smoke http://127.0.0.1:9', 'write -e PF_BASE_URL=http://127.0.0.1:9'],
  ['run smoke -k', 'write -e TLS_SKIP_VERIFY=true'],
  ['run smoke --cacert ca.pem', 'set NODE_EXTRA_CA_CERTS=ca.pem in the environment'],
  ['run smoke --client-id me', 'write -e PF_CLIENT_ID=me'],
  ['run smoke --client-secret hunter2', 'set PF_CLIENT_SECRET in the environment, or PF_CLIENT_SECRET_FILE'],
  ['run smoke -e PF_CLIENT_SECRET=hunter2', 'set PF_CLIENT_SECRET in the environment, or PF_CLIENT_SECRET_FILE'],
  ['run smoke two.csv', 'write -e INVENTORY=two.csv'],
  ['run smoke --users 50', 'pairstorm inventory --users 50 --out people.json, then -e INVENTORY=people.json'],
  ['run smoke -e PF_BASE_URL=https://sso.example.test', 'set ALLOW_HOSTS=sso.example.test'],
  // run: what comes of it.
  ['run smoke --html', 'pairstorm report results/<run>'],
  ['run smoke --junit', 'junit.xml comes with --gate'],
  ['run smoke --output out', 'write --results out'],
  ['run smoke --live 8080', 'write --live=8080'],
  ['run smoke --live=x', 'Write --live, or --live=8080 with a port.'],
  ['run smoke --dashboard', 'write --live'],
  ['run smoke --debug', 'write --verbose'],
  ['run smoke --live-control', 'has no effect without --live; add it'],
  // What an earlier line of the terminal left.
  ['run smoke', 'RATE comes from the environment: unset RATE', { RATE: '2' }],
  ['run load', '1h30m; DURATION comes from the environment', { DURATION: '5' }],
  ['run smoke', 'RATE and DURATION come from the environment: unset RATE DURATION', { DURATION: '5s', RATE: '2' }],
  ['run smoke', 'set PF_REQUEST_KEY_FILE to the file of the key', { DEVICE_DRIVER: 'test-device' }],
  // The other commands.
  ['doctor http://localhost', 'write -e PF_BASE_URL=http://localhost'],
  ['doctor localhost:9031', 'write -e PF_BASE_URL=http://localhost:9031'],
  ['doctor smoke', 'write pairstorm doctor'],
  ['trace F4', 'write pairstorm trace --kind F4'],
  ['trace 12', 'write pairstorm trace --user 12'],
  ['trace results/x', 'write pairstorm trace --from results/x/failures.jsonl'],
  ['trace --kind F99', 'allowed: F1, F2'],
  ['simulate 9031', 'write pairstorm simulate --port 9031'],
  ['simulate -p 9031', 'write --port 9031'],
  ['simulate two.csv', 'write pairstorm simulate --inventory two.csv'],
  ['inventory', 'write: pairstorm inventory --out people.json'],
  ['inventory 500', 'write pairstorm inventory --users 500 --out people.json'],
  ['inventory --users 500', 'write: pairstorm inventory --users 500 --out people.json'],
  ['inventory campaign', 'write pairstorm inventory --population campaign --out people.json'],
  ['capacity load', 'write pairstorm capacity'],
  ['capacity 50', 'write --start 50'],
  ['report', 'write: pairstorm report results/<run>'],
  ['report results', 'such as the newest, results/2026-11-02T00-00-00Z-load'],
  ['report a b', 'write pairstorm compare a b'],
  ['compare a b c', 'write pairstorm compare --history a b c'],
  ['drift a b', 'write pairstorm drift b --base a'],
  ['faults', 'write: pairstorm faults undo results/<run>'],
  ['test-users', 'write: pairstorm test-users people.csv'],
  ['init --ci travis', 'write github, gitlab, none'],
];

const GOOD = /^(-h|-v|-V|run -V|help run)$/;
const typed = LINES.filter((_line, at) => at % EVERY === 0).map(([line, works, env = {}]) => ({ line, works, env }));

it('there are sixty and more', () => {
  expect(LINES.length).toBeGreaterThanOrEqual(60);
});

describe('a careless line is answered with the one that works', () => {
  it.each(typed)('pairstorm $line', { timeout: 60_000 }, async ({ line, works, env }) => {
    const args = line === '' ? [] : line.split(' ');
    const { code, stdout, stderr } = await carriedOut(folder, args, env);
    expect(stdout + stderr).toContain(works);
    expect(code).toBe(GOOD.test(line) ? 0 : 104);
    expect(stderr).not.toMatch(/hunter2|\n {4}at /);
    if (!GOOD.test(line) && line !== '') expect(stderr).toMatch(/^error: .+$/m);
  });
});
