import { execFile, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { Agent, createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Resilience } from '../analysis/recovery/resilience.ts';
import { NETWORK_FAULTS, STANDARD_FAULTS } from '../catalogue/phases.ts';
import { exitOnSignals } from './child-process.ts';

/**
 * Checks the recovery that the real command reads against planted ones: a fault that goes on for so many seconds after
 * its end was confirmed, `unavailable` at the simulator and `net-reset` at Toxiproxy, `ROUNDS` runs of each; then every
 * other fault once. Prints all; exit code 1 if fewer than 13 of 15 intervals hold the planted time, or a case or a count
 * is wrong. About 20 minutes; wants a quiet machine. `RESILIENCE_ROUNDS=1` is the short form, `RESILIENCE_OTHERS=0`
 * leaves out the other faults.
 */
const ROUNDS = Number(process.env['RESILIENCE_ROUNDS'] ?? 5);
/** Flows a second; a slow machine wants fewer. */
const RATE = Number(process.env['RESILIENCE_RATE'] ?? 20);
const OTHERS = process.env['RESILIENCE_OTHERS'] !== '0';
const PLANTED = [3, 8, 15];
/** Runs at a time: each needs a fraction of a core. */
const AT_ONCE = 2;
const LEAST_HELD = 13 / 15;

const entry = fileURLToPath(new URL('../cli/pairstorm.js', import.meta.url));
const toxiproxyServer = fileURLToPath(new URL('../../node_modules/.cache/toxiproxy/server', import.meta.url));
const children: ChildProcess[] = [];
exitOnSignals();
process.once('exit', () => children.forEach((child) => child.kill('SIGKILL')));

/** A front that passes everything on, and every DELETE so many seconds after it has confirmed it. */
async function lateFront(upstream: string, seconds: number): Promise<string> {
  const agent = new Agent({ keepAlive: true });
  const server = createServer((asked, response) => {
    const pass = (answered?: typeof response): void => {
      const { method, url, headers } = asked;
      const further = request(upstream + (url ?? '/'), { method, headers, agent }, (answer) => {
        if (answered === undefined) {
          answer.resume();
          return;
        }
        answered.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
        answer.pipe(answered);
      });
      further.on('error', () => answered?.destroy());
      if (answered === undefined) further.end();
      else asked.pipe(further);
    };
    if (asked.method !== 'DELETE') {
      pass(response);
      return;
    }
    asked.resume();
    response.writeHead(204).end();
    // A proxy of the run goes at once, its toxics with it, when the run is over.
    setTimeout(pass, /\/proxies\/[^/]+$/.test(asked.url ?? '') ? 0 : 1_000 * seconds);
  });
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  server.unref();
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function startSimulator(): Promise<string> {
  const child = spawn(process.execPath, [entry, 'simulate', '--port', '0', '--time-scale', '0.05']);
  children.push(child);
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text: Buffer) => (said += text.toString()));
  for (;;) {
    const [url] = /http:\/\/127\.0\.0\.1:\d+/.exec(said) ?? [];
    if (url !== undefined) return url;
    await delay(50);
  }
}

let nextPort = 18_474;
async function startToxiproxy(): Promise<string> {
  const port = nextPort++;
  children.push(spawn(toxiproxyServer, ['-host', '127.0.0.1', '-port', String(port)], { stdio: 'ignore' }));
  const url = `http://127.0.0.1:${port}`;
  while (
    !(await fetch(`${url}/version`).then(
      ({ ok }) => ok,
      () => false,
    ))
  )
    await delay(50);
  return url;
}

interface Ran {
  readonly code: number;
  readonly stderr: string;
  readonly resilience: Resilience;
  readonly junit: string;
}

function run(settings: readonly string[], flags: readonly string[], env: Record<string, string> = {}): Promise<Ran> {
  const results = mkdtempSync(join(tmpdir(), 'pairstorm-resilience-'));
  const args = ['run', 'resilience', '--quiet', '--gate', '--allow-invalid', '--results', results, ...flags];
  const all = [`RATE=${RATE}`, 'RAMP=0s', 'TIME_SCALE=0.05', ...settings].flatMap((setting) => ['-e', setting]);
  return new Promise((resolve, reject) => {
    const whole = { PATH: process.env['PATH'] ?? '', ...env };
    execFile(process.execPath, [entry, ...args, ...all], { env: whole, maxBuffer: 2 ** 26 }, (error, _out, stderr) => {
      try {
        const folder = join(results, readdirSync(results)[0]!);
        const resilience = JSON.parse(readFileSync(join(folder, 'resilience.json'), 'utf8')) as Resilience;
        const junit = readFileSync(join(folder, 'junit.xml'), 'utf8');
        resolve({ code: typeof error?.code === 'number' ? error.code : 0, stderr, resilience, junit });
      } catch (cause) {
        reject(new Error(stderr, { cause }));
      } finally {
        rmSync(results, { recursive: true, force: true });
      }
    });
  });
}

const PARTS = ['STEADY_DURATION=20s', 'FAULT_DURATION=6s', 'RECOVERY_DURATION=30s'];

const MAKE: Readonly<Record<string, (seconds: number) => Promise<Ran>>> = {
  unavailable: async (seconds) => {
    const front = await lateFront(await startSimulator(), seconds);
    return run(['FAULTS=unavailable', ...PARTS], [], { PF_BASE_URL: front });
  },
  'net-reset': async (seconds) => {
    const front = await lateFront(await startToxiproxy(), seconds);
    // Else connections that were reset are drawn again until they are spared, and the fault fades by itself.
    return run(['FAULTS=net-reset', 'CONNECTIONS=per-flow', ...PARTS], ['--toxiproxy', front]);
  },
};

let wrong = 0;
for (const [fault, make] of Object.entries(MAKE)) {
  if (fault === 'net-reset' && !existsSync(toxiproxyServer)) {
    console.log('net-reset: skipped, there is no Toxiproxy (npm run toxiproxy)');
    continue;
  }
  const planned = Array.from({ length: ROUNDS }, () => PLANTED).flat();
  let [held, open] = [0, 0];
  let failedCases = 0;
  const one = async (): Promise<void> => {
    for (let seconds = planned.shift(); seconds !== undefined; seconds = planned.shift()) {
      const { resilience, code } = await make(seconds);
      const { effects, cases } = resilience.faults[0]!;
      const { seconds: read = null, low = null, high = null } = effects?.recovery ?? {};
      // Not back for certain within what was looked at: an interval that is open above.
      const holds = low !== null && low <= seconds && seconds <= (high ?? Infinity);
      if (holds) held++;
      if (holds && high === null) open++;
      failedCases += cases.filter(({ measure, outcome }) => measure === 'recovery' && outcome === 'failed').length;
      const shown = (value: number | null): string => (value === null ? '–' : value.toFixed(1));
      const by = Object.entries(effects?.recoveries ?? {}).map(([signal, back]) => `${signal} ${shown(back.seconds)}`);
      console.log(
        `${holds ? 'held ' : 'MISSED'} ${fault}, planted ${seconds} s: ${shown(read)} (${shown(low)} to ${shown(high)}); ${by.join(', ')}; exit ${code}`,
      );
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, one));
  const of = ROUNDS * PLANTED.length;
  console.log(
    `${fault}: held ${held} of ${of} (${open} of them open above); recovery failed its limit of 15 s in ${failedCases}`,
  );
  if (held < Math.floor(LEAST_HELD * of)) wrong++;
}

if (OTHERS) {
  const there = existsSync(toxiproxyServer) ? NETWORK_FAULTS.filter((name) => name !== 'net-reset') : [];
  const faults = [...STANDARD_FAULTS.filter((name) => name !== 'unavailable'), ...there];
  const flags = there.length === 0 ? [] : ['--toxiproxy', await startToxiproxy()];
  const short = [
    'STEADY_DURATION=8s',
    'FAULT_DURATION=6s',
    'RECOVERY_DURATION=12s',
    'TIMEOUT_POLL=3s',
    'TIMEOUT_ACTION=3s',
  ];
  const { resilience, junit, stderr, code } = await run(
    [`FAULTS=${faults.join(',')}`, 'TIMEOUT_START=3s', ...short],
    flags,
  );
  for (const fault of faults) {
    const judged = resilience.faults.find(({ name }) => name === fault);
    const recovers = new RegExp(`<testcase name="recovers [^"]+" classname="resilience\\.${fault}"`).test(junit);
    const unequal = stderr.includes(`fault ${fault}: the harness saw`);
    const right = judged !== undefined && judged.effects !== null && recovers && !unequal;
    if (!right) wrong++;
    const cases = judged?.cases.map(({ measure, outcome }) => `${measure} ${outcome}`).join(', ') ?? 'no case';
    console.log(`${right ? 'right' : 'WRONG'}: ${fault}: ${cases}${unequal ? ', COUNTS DIFFER' : ''}`);
  }
  console.log(`all others: exit ${code}`);
}
process.exit(wrong === 0 ? 0 : 1);
