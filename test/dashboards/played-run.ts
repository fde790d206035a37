import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { encodeInventory } from '../../contract/inventory.ts';
import type { Inventory } from '../../contract/inventory.ts';
import { alertingRules } from '../../dashboards/rules/alerting-rules.ts';
import { recordingRules } from '../../dashboards/rules/recording-rules.ts';
import { ruleFileYaml } from '../../dashboards/rules/rule-file.ts';
import type { RuleWindows } from '../../dashboards/rules/rule-file.ts';
import { humanMs } from '../../lib/population/human-duration.ts';
import { makeInventory } from '../../population/inventory.ts';
import { startSimulator } from '../../simulator/simulator.ts';
import { emptyFolder, pairstorm } from '../cli/command.ts';
import { freePort, startPrometheusWith } from '../cli/real-prometheus.ts';
import type { RealPrometheus } from '../cli/real-prometheus.ts';
import { jmxExposition } from './jmx-exporter.ts';

/** Name of the run, and the faults that it makes: refusals, connections that are cut, and answers so late that users are dropped. */
export const TESTID = 'dashboards';
export const FAULTS = ['unavailable', 'slow', 'dropped'] as const;

/** Windows of a run that takes seconds. */
export const WINDOWS: RuleWindows = { recent: '4s', hour: '6s' };
const TIME_SCALE = '0.05';

/** A run that was played, in the Prometheus that it sent to. */
export interface PlayedRun {
  readonly prometheus: RealPrometheus;
  readonly startS: number;
  readonly endS: number;
  readonly close: () => Promise<void>;
}

/** Serves what a PingFederate with the JMX exporter would, a little more at each scrape. */
async function startPingfederate(): Promise<{ readonly target: string; readonly close: () => void }> {
  let scrape = 0;
  const server = createServer((_request, response) =>
    response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4' }).end(jmxExposition(++scrape)),
  );
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const close = (): void => {
    server.closeAllConnections();
    server.close();
  };
  return { target: `127.0.0.1:${(server.address() as AddressInfo).port}`, close };
}

/** Accounts as somebody else keeps them: some users who should have no device have one, and are asked for its code. */
function otherwise(inventory: Inventory): Inventory {
  const { devices } = inventory.users.find(({ kind, devices }) => kind === 'F7' && devices.length === 1)!;
  const users = inventory.users.map((user, at) =>
    user.kind === 'F1' && at % 3 === 0
      ? { ...user, devices: devices.map((device) => ({ ...device, id: randomUUID() })) }
      : user,
  );
  return { ...inventory, users };
}

/** Plays `pairstorm run resilience` with remote write, beside a simulator and a stand-in for PingFederate that are scraped. */
export async function playRun(): Promise<PlayedRun> {
  const folder = emptyFolder();
  const all = makeInventory({ users: 3000, seed: 5, version: 'test' });
  const inventory = { ...all, users: all.users.filter((user) => humanMs(user) < 10_000) };
  const people = join(folder, 'people.json');
  // Of some users nothing is expected, as of those of a CSV file without kinds.
  const played = inventory.users.map((user, at): Inventory['users'][number] =>
    at % 9 === 0 ? { ...user, expects: 'nothing' } : user,
  );
  writeFileSync(people, encodeInventory({ ...inventory, users: played }));
  const simulator = await startSimulator({ inventory: otherwise(inventory), port: 0, timeScale: Number(TIME_SCALE) });
  const pingfederate = await startPingfederate();
  const job = (name: string, target: string) => ({ job_name: name, static_configs: [{ targets: [target] }] });
  const port = await freePort();
  const prometheus = await startPrometheusWith(
    port,
    {
      global: { scrape_interval: '1s', evaluation_interval: '1s' },
      rule_files: ['recording.yml', 'alerts.yml'],
      scrape_configs: [job('simulator', new URL(simulator.url).host), job('pingfederate', pingfederate.target)],
    },
    { 'recording.yml': ruleFileYaml(recordingRules(WINDOWS)), 'alerts.yml': ruleFileYaml(alertingRules(WINDOWS)) },
  );
  const close = async (): Promise<void> => {
    pingfederate.close();
    await Promise.all([simulator.close(), prometheus.stop()]);
  };
  const settings = [
    ['RATE', '20'],
    ['FAULTS', FAULTS.join(',')],
    ['FAULT_SHARE', '1'],
    ['RAMP', '1s'],
    ['STEADY_DURATION', '1s'],
    ['FAULT_DURATION', '2s'],
    ['RECOVERY_DURATION', '2s'],
    ['RETRIES_START', '1'],
    ['RETRY_BACKOFF', '10ms'],
    ['PF_BASE_URL', simulator.url],
    ['INVENTORY', people],
    ['TIME_SCALE', TIME_SCALE],
    // As few as the plan allows, so that users find none free when answers are slow.
    ['VUS', '24'],
    ['ARRIVALS', 'even'],
  ].flatMap(([name, value]) => ['-e', `${name!}=${value!}`]);
  const startS = Date.now() / 1000;
  const output = `prometheus-rw=http://127.0.0.1:${port}/api/v1/write`;
  const { code, stderr } = await pairstorm(
    folder,
    ['run', 'resilience', '--quiet', '--allow-invalid', '--tag', `testid=${TESTID}`, '--out', output, ...settings],
    { K6_PROMETHEUS_RW_PUSH_INTERVAL: '1s', K6_PROMETHEUS_RW_TREND_STATS: 'p(95),p(99),max,count,sum' },
  );
  // What came last is at a step of a range query, too.
  const endS = Date.now() / 1000 + 1;
  // 99: users were dropped, as they should be.
  if (code !== 0 && code !== 99) {
    await close();
    throw new Error(`the run ended with ${code}:\n${stderr}`);
  }
  return { prometheus, startS, endS, close };
}
