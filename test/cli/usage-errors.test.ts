import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SETTINGS } from '../../lib/settings.ts';
import { emptyFolder, pairstorm, scriptFile } from './command.ts';
import { carriedOut } from './in-process.ts';

const folder = emptyFolder();
writeFileSync(join(folder, 'broken.json'), '{"version":1,\n"users":[oops],\n"seed":1}\n');
writeFileSync(join(folder, 'empty.json'), '\n');
writeFileSync(join(folder, 'wrong.json'), '{"version":1,"generator":"x","seed":1,"users":[{"username":7}]}');
writeFileSync(join(folder, 'population.json'), '{"version":1,"descripton":"x","groups":[{"share":2}]}');
writeFileSync(join(folder, 'people.md'), '# People\n');
writeFileSync(join(folder, 'package.json'), '{"name":"x","version":"1.0.0"}');
for (const run of ['results/2026-11-01T00-00-00Z-smoke', 'results/2026-11-02T00-00-00Z-load']) {
  mkdirSync(join(folder, run), { recursive: true });
  writeFileSync(join(folder, run, 'run.json'), '');
}
const script = scriptFile(folder, 'script.js', 'exports.default = function () {};');

interface Case {
  readonly title: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly says: RegExp;
}

const CASES: readonly Case[] = [
  {
    title: 'an unknown command',
    args: ['inventroy'],
    says: /unknown command 'inventroy' \(Did you mean inventory\?\)/,
  },
  {
    title: 'an unknown flag',
    args: ['run', 'smoke', '--jsn'],
    says: /unknown option '--jsn' \(Did you mean --json\?\)/,
  },
  ...[
    ['report', 'no run given; write: pairstorm report results/<run>'],
    ['drift', 'no run given; write: pairstorm drift results/<run>'],
    ['merge', 'no runs given; write: pairstorm merge results/<run> results/<run> …'],
    ['import', 'no samples given; write: pairstorm import FILE, the file of k6 run --out json=FILE, or - for stdin'],
  ].map(([command, says]) => ({
    title: `${command} without an argument`,
    args: [command!],
    says: new RegExp(`^error: ${says}$`, 'm'),
  })),
  {
    title: 'a report of a folder of runs, naming the newest',
    args: ['report', 'results'],
    says: /^error: results holds runs; expected a run folder, such as the newest, results\/2026-11-02T00-00-00Z-load$/m,
  },
  {
    title: 'failed flows of a run without any',
    args: ['trace', '--from', 'results/2026-11-02T00-00-00Z-load/failures.jsonl'],
    says: /failures\.jsonl: no such file or folder; a run writes failures\.jsonl only if flows failed$/m,
  },
  {
    title: 'a setting of another driver',
    args: ['run', 'smoke'],
    env: { DEVICE_DRIVER: 'none', BRIDGE_URL: 'http://127.0.0.1:1' },
    says: /BRIDGE_URL does not apply to DEVICE_DRIVER=none; it applies to bridge; unset it; BRIDGE_URL comes from the environment: unset BRIDGE_URL$/m,
  },
  {
    title: 'a scenario in the place of a command',
    args: ['smoke'],
    says: /^error: smoke is a scenario, not a command; write pairstorm run smoke$/m,
  },
  {
    title: 'a script in the place of a command',
    args: ['./pair.ts', '--vus', '3'],
    says: /^error: \.\/pair\.ts is a script, not a command; write pairstorm run \.\/pair\.ts$/m,
  },
  ...[
    { args: ['run', 'load', '--rate', '50'], meant: '--rate is a setting, not a flag; write -e RATE=50' },
    { args: ['run', 'load', '--p95-ms=800'], meant: '--p95-ms is a setting, not a flag; write -e P95_MS=800' },
    { args: ['run', 'load', '--ramp'], meant: '--ramp is a setting, not a flag; write -e RAMP=…' },
    {
      args: ['doctor', '--pf-base-url', 'http://me:pw@127.0.0.1:1/x'],
      meant: '--pf-base-url is a setting, not a flag; write -e PF_BASE_URL=http://…@127.0.0.1:1/x',
    },
    {
      args: ['run', 'load', '--pf-client-secret', 'hunter2'],
      meant: '--pf-client-secret is not a flag; set PF_CLIENT_SECRET in the environment, or PF_CLIENT_SECRET_FILE',
    },
    {
      args: ['doctor', 'http://localhost'],
      meant: 'the target is not an argument; write -e PF_BASE_URL=http://localhost',
    },
    {
      args: ['run', 'smoke', 'https://sso.example.test'],
      meant: 'the target is not an argument; write -e PF_BASE_URL=https://sso.example.test',
    },
  ].map(({ args, meant }) => ({
    title: args.slice(1).join(' '),
    args,
    says: new RegExp(`^error: ${meant.replace(/[.?/]/g, '\\$&')}$`, 'm'),
  })),
  {
    title: 'a missing flag',
    args: ['inventory', '--seed', '3'],
    says: /^error: no file given; write: pairstorm inventory --seed 3 --out people\.json$/m,
  },
  { title: 'a number out of range', args: ['inventory', '--out', 'x', '--users', '0'], says: /from 1 to 200000/ },
  { title: 'no number', args: ['inventory', '--out', 'x', '--seed', '1e3'], says: /whole number from 0/ },
  {
    title: 'a folder that is not there',
    args: ['inventory', '--out', 'no/x', '--users', '20'],
    says: /cannot write no\/x/,
  },
  {
    title: 'an unknown population',
    args: ['inventory', '--out', 'x', '--population', 'stedy-state'],
    says: /there is no population "stedy-state" \(did you mean steady-state\?\); use campaign, .*, or the path of a file/,
  },
  {
    title: 'a population file that is not there',
    args: ['inventory', '--out', 'x', '--population', './none.json'],
    says: /cannot read the population \.\/none\.json: no such file or folder/,
  },
  {
    title: 'a population file that is not JSON',
    args: ['inventory', '--out', 'x', '--population', 'broken.json'],
    says: /broken\.json is not JSON \(line 2\)/,
  },
  {
    title: 'a population file with mistakes',
    args: ['inventory', '--out', 'x', '--population', 'population.json'],
    says: /population\.json: description is missing; descripton is not known \(did you mean description\?\); known: .*; groups\[0\]\.share is 2; expected at most 1/,
  },
  {
    title: 'an unknown scenario',
    args: ['run', 'smok'],
    says: /there is no scenario "smok" \(did you mean smoke\?\); scenarios: .*load.*smoke/,
  },
  {
    title: 'a command in the place of a scenario',
    args: ['run', 'doctor'],
    says: /^error: doctor is a command, not a scenario; write: pairstorm doctor$/m,
  },
  { title: 'a bundle that is not there', args: ['run', './none.js'], says: /no script at \.\/none\.js/ },
  {
    title: 'a folder in the place of a script',
    args: ['run', './'],
    says: /^error: \.\/ is a folder; name a script in it, or a scenario: .*smoke/,
  },
  {
    title: 'a misspelt setting',
    args: ['run', 'smoke', '-e', 'RAET=3'],
    says: /-e RAET: .*did you mean RATE\?\); "pairstorm run --help" lists them/,
  },
  {
    title: 'an inventory of the folder of the bundles, which is not the current one',
    args: ['run', 'smoke', '-e', 'INVENTORY=inventory.json'],
    says: /INVENTORY: cannot read inventory\.json: no such file or folder, looked for in \/.*; the file beside the bundle is INVENTORY=\/.*dist\/inventory\.json/,
  },
  {
    title: 'a trace with an inventory of the current folder that has a wrong entry',
    args: ['trace', '-e', 'INVENTORY=wrong.json'],
    says: /wrong\.json: users\[0\]\.username is a number; expected a string/,
  },
  {
    title: 'a flag that takes the name of the scenario for its value',
    args: ['run', '--shared-connections', 'load'],
    says: /'load' is invalid.*whole number from 1 to 1000000; put the script name before this flag/,
  },
  { title: 'a setting without a value', args: ['run', 'smoke', '-e', 'VUS'], says: /write -e NAME=VALUE/ },
  {
    title: 'a value of the wrong kind',
    args: ['run', 'smoke', '-e', 'VUS=many'],
    says: /VUS is "many"; write a whole/,
  },
  {
    title: "another scenario's setting",
    args: ['run', 'smoke', '-e', 'RATE=3'],
    says: /RATE does not apply to smoke; it applies to load/,
  },
  {
    title: 'a secret on the command line',
    args: ['run', 'smoke', '-e', 'PF_CLIENT_SECRET=hunter2'],
    says: /do not pass a secret on the command line/,
  },
  {
    title: 'an inventory that is not JSON, by its line',
    args: ['run', 'smoke'],
    env: { INVENTORY: join(folder, 'broken.json') },
    says: /^error: INVENTORY: .*broken\.json is not JSON \(line 2\)$/m,
  },
  {
    title: 'an inventory that is another kind of file',
    args: ['run', 'smoke', '-e', 'INVENTORY=people.md'],
    says: /^error: INVENTORY: .*people\.md is neither JSON nor CSV \(\.csv, \.tsv, \.txt\); pass a CSV of the target's users, or make users for the simulator: pairstorm inventory --out FILE$/m,
  },
  {
    title: 'an inventory that is JSON of something else',
    args: ['simulate', '--port', '0', '--inventory', 'package.json'],
    says: /^error: --inventory: .*package\.json is not an inventory: name is not known; known: version, .*; pass a CSV of/m,
  },
  {
    title: 'an empty inventory',
    args: ['run', 'smoke'],
    env: { INVENTORY: join(folder, 'empty.json') },
    says: /empty\.json is empty/,
  },
  {
    title: 'an inventory with a wrong entry, by its place',
    args: ['simulate', '--port', '0', '--inventory', 'wrong.json'],
    says: /wrong\.json: users\[0\]\.username is a number; expected a string/,
  },
  {
    title: 'an inventory that is not there',
    args: ['simulate', '--inventory', 'none.json'],
    says: /^error: --inventory: cannot read .*none\.json: no such file or folder; pass a CSV of the target's users, or make/m,
  },
  {
    title: 'an unknown option of the simulator',
    args: ['run', 'smoke', '--simulator-option', 'worker=3'],
    says: /worker is not known \(did you mean workers\?\)/,
  },
  {
    title: 'a wrong option of the simulator',
    args: ['run', 'smoke', '--simulator-option', 'latency=of'],
    says: /latency is "of"; write on or off/,
  },
  {
    title: 'an option for a simulator that is not started',
    args: ['run', script, '--simulator-option', 'workers=3'],
    says: /script does not start a simulator; add --simulator/,
  },
  {
    title: 'a folder for results that cannot be one',
    args: ['run', script, '--results', 'broken.json/below'],
    says: /--results broken\.json\/below: .*broken\.json is not a folder/,
  },
  ...[
    ['run', script],
    ['merge', 'one', 'two'],
    ['import', 'samples.json'],
  ].map((args) => ({
    title: `${args[0]} with no name for the folder of results`,
    args: [...args, '--results', ''],
    says: /--results is empty; give a folder, such as results/,
  })),
  {
    title: 'two outputs in one file',
    args: ['run', script, '--out', 'json=samples', '--out', 'csv=./samples'],
    says: /--out csv=.\/samples writes to the same file as --out json=samples; give each its own file/,
  },
  {
    title: 'samples and summary in one file',
    args: ['run', script, '--out', 'json=all.json', '--summary-export', 'all.json'],
    says: /--summary-export all\.json writes to the same file as --out json=all\.json/,
  },
  {
    title: 'a folder for results where none can be made',
    args: ['run', script, '--results', '/proc/pairstorm/x'],
    says: /--results \/proc\/pairstorm\/x: no such file or folder/,
  },
  {
    title: 'a simulator beside a target',
    args: ['run', 'smoke', '--simulator', '-e', 'PF_BASE_URL=http://127.0.0.1:1'],
    says: /--simulator cannot be combined with PF_BASE_URL/,
  },
];

describe('A command that cannot be carried out ends with 104 and one line', () => {
  it.each(CASES)('for $title', async ({ args, env, says }) => {
    const { code, stdout, stderr } = await carriedOut(folder, args, env);
    expect(stderr).toMatch(says);
    expect(stderr).toMatch(/^error: [^\n]*\n$/);
    expect(stdout).toBe('');
    expect(code).toBe(104);
  });

  it('for a run of nothing, with a line for each scenario', async () => {
    const { code, stdout, stderr } = await pairstorm(folder, ['run']);
    const [error, ...lines] = stderr.trimEnd().split('\n');
    expect(error).toBe('error: nothing to run; name a scenario, or pass the path of a script');
    expect(lines.map((line) => /^ {2}pairstorm run (\w+) +\S.{20}/.exec(line)?.[1])).toEqual([
      'smoke',
      'load',
      'capacity',
      'spike',
      'resilience',
      'soak',
    ]);
    expect([code, stdout]).toEqual([104, '']);
  });

  it('for a port in use', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    await pairstorm(folder, ['inventory', '--users', '60', '--out', 'people.json', '--quiet']);
    const { code, stderr } = await pairstorm(folder, [
      'simulate',
      '--inventory',
      'people.json',
      '--port',
      String(port),
    ]);
    server.close();
    expect(stderr).toMatch(new RegExp(`^error: port ${port} on 127.0.0.1 is in use[^\n]*\n$`));
    expect(code).toBe(104);
  });

  it('never repeating a secret', async () => {
    const { stderr } = await pairstorm(folder, ['run', 'smoke', '-e', 'PF_CLIENT_SECRET=hunter2']);
    expect(stderr).not.toContain('hunter2');
  });

  it('and with --json also with one object on stdout', async () => {
    for (const args of [
      ['run', 'smok', '--json'],
      ['run', 'smoke', '--json', '--nope'],
    ]) {
      const { code, stdout, stderr } = await pairstorm(folder, args);
      expect(JSON.parse(stdout)).toMatchObject({ verdict: 'error', exitCode: 104, flows: 0, simulator: null });
      expect(stderr).toBe(`error: ${(JSON.parse(stdout) as { reason: string }).reason}\n`);
      expect(code).toBe(104);
    }
  });

  it('and with a stack trace only if asked', async () => {
    const asked = await pairstorm(folder, ['run', 'smok', '--verbose']);
    expect(asked.stderr).toMatch(/\n {4}at /);
    const byEnvironment = await pairstorm(folder, ['run', 'smok'], { PAIRSTORM_DEBUG: '1' });
    expect(byEnvironment.stderr).toMatch(/\n {4}at /);
  });
});

describe('Help', () => {
  it('lists commands and exit codes, on stdout, and ends well', async () => {
    const { code, stdout, stderr } = await pairstorm(folder, ['--help']);
    for (const word of ['run', 'simulate', 'inventory', '104', '120']) expect(stdout).toContain(word);
    expect(stderr).toBe('');
    expect(code).toBe(0);
  });

  it('says of every setting of a run what it means', async () => {
    const { stdout } = await pairstorm(folder, ['run', '--help']);
    const help = stdout.replace(/\s+/g, ' ');
    for (const { name, meaning } of SETTINGS.values()) expect(help).toContain(`${name} ${meaning}`);
  });

  it.each(['-h', '--help'])('is what %s asks for, also of a command', async (flag) => {
    for (const [args, first] of [
      [[flag], /^Usage: pairstorm \[options\] \[command\]/],
      [['run', flag], /^Usage: pairstorm run \[options\] <name\|file>/],
    ] as const) {
      const { code, stdout, stderr } = await pairstorm(folder, args);
      expect(stdout).toMatch(first);
      expect([code, stderr]).toEqual([0, '']);
    }
  });

  it.each(['-v', '-V', '--version'])('%s says the version, also of a command', async (flag) => {
    for (const args of [[flag], ['run', flag]]) {
      const { code, stdout, stderr } = await pairstorm(folder, args);
      expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
      expect([code, stderr]).toEqual([0, '']);
    }
  });

  it('is printed on stderr with 104 if no command is named', async () => {
    const { code, stdout, stderr } = await pairstorm(folder, []);
    expect(stderr).toContain('Usage: pairstorm');
    expect(stdout).toBe('');
    expect(code).toBe(104);
  });

  it.each(['run', 'simulate', 'inventory'])('of %s has examples, and the version is known', async (command) => {
    const help = await pairstorm(folder, [command, '--help']);
    expect(help.stdout).toMatch(new RegExp(`Examples:\n {2}(\\S+=\\S+ )*pairstorm ${command}`));
    expect(help.code).toBe(0);
    const version = await pairstorm(folder, [command, '--version']);
    expect(version).toMatchObject({ code: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) as string });
  });
});
