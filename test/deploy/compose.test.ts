import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { PINGFEDERATE_METRICS } from '../../dashboards/pingfederate-metrics.ts';
import { emptyFolder, pairstorm, start } from '../cli/command.ts';
import { JMX_CONFIG, jmxExposition, jmxRules } from '../dashboards/jmx-exporter.ts';
import { PROMTOOL, hasPrometheus } from '../cli/real-prometheus.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const DEPLOY = join(ROOT, 'deploy');
const read = (name: string): string => readFileSync(join(DEPLOY, name), 'utf8');

interface Service {
  readonly image: string;
  readonly build?: { readonly context: string; readonly dockerfile: string };
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly volumes?: readonly string[];
  readonly ports?: readonly string[];
  readonly depends_on?: Readonly<Record<string, unknown>> | readonly string[];
}
interface Compose {
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes?: Readonly<Record<string, unknown>>;
}

const yaml = (name: string): Compose => parse(read(name), { merge: true }) as Compose;
const [base, withGrafana] = [yaml('compose.yaml'), yaml('compose.grafana.yaml')];
const services = { ...base.services, ...withGrafana.services };

/** Where a container finds what: the path on this machine, and that in the container; named volumes are left out. */
const mounts = ({ volumes = [] }: Service): [from: string, to: string][] =>
  volumes
    .map((volume) => volume.split(':') as [string, string])
    .filter(([from]) => from.startsWith('.'))
    .map(([from, to]) => [join(DEPLOY, from), to]);

describe('the compose files', () => {
  test('start the simulator, the harness, Prometheus, and a Grafana that the user names', () => {
    expect(Object.keys(services)).toEqual(['simulator', 'harness', 'prometheus', 'grafana']);
    expect(withGrafana.services['grafana']!.image).toMatch(/^\$\{GRAFANA_IMAGE:\?.+\}$/);
    expect(read('compose.yaml')).not.toContain('GRAFANA_IMAGE');
    expect(base.services['prometheus']!.image).toMatch(/^\$\{PROMETHEUS_IMAGE:-prom\/prometheus:v\d+\.\d+\.\d+\}$/);
  });

  test('depend only on services and volumes that they have, and are reached from this machine alone', () => {
    for (const { depends_on = [], volumes = [], ports = [] } of Object.values(services)) {
      const others = Array.isArray(depends_on) ? depends_on : Object.keys(depends_on);
      expect(others.filter((name) => !((name as string) in services))).toEqual([]);
      const named = volumes.map((volume) => volume.split(':')[0]!).filter((from) => !from.startsWith('.'));
      expect(named.filter((name) => !(name in base.volumes!))).toEqual([]);
      for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:/);
    }
  });

  test('mount only what is there, and build from a Dockerfile that is there', () => {
    for (const service of Object.values(services)) {
      for (const [from] of mounts(service)) expect(existsSync(from), from).toBe(true);
      if (service.build === undefined) continue;
      const context = join(DEPLOY, service.build.context);
      expect(existsSync(join(context, 'package.json'))).toBe(true);
      expect(existsSync(join(context, service.build.dockerfile))).toBe(true);
    }
  });

  test('find the dashboards where the provisioning says they are', () => {
    const grafana = services['grafana']!;
    const { providers } = parse(read('grafana/provisioning/dashboards/pairstorm.yaml')) as {
      readonly providers: readonly { readonly options: { readonly path: string } }[];
    };
    const [from] = mounts(grafana).find(([, to]) => to === providers[0]!.options.path)!;
    expect(readdirSync(from)).toContain('overview.json');
    const home = grafana.environment!['GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH']!;
    expect(dirname(home)).toBe(providers[0]!.options.path);
    expect(existsSync(join(from, basename(home)))).toBe(true);
    const { datasources } = parse(read('grafana/provisioning/datasources/prometheus.yaml')) as {
      readonly datasources: readonly { readonly type: string; readonly url: string }[];
    };
    expect(datasources).toMatchObject([{ type: 'prometheus', url: 'http://prometheus:9090' }]);
  });

  test.skipIf(!hasPrometheus())('give Prometheus a configuration that promtool accepts, its rules among it', () => {
    const folder = mkdtempSync(join(tmpdir(), 'pairstorm-compose-'));
    for (const [from, to] of mounts(services['prometheus']!)) {
      mkdirSync(join(folder, dirname(to)), { recursive: true });
      cpSync(from, join(folder, to), { recursive: true });
    }
    const config = services['prometheus']!.command!.find((flag) => flag.startsWith('--config.file='))!.split('=')[1]!;
    const { status, stdout, stderr } = spawnSync(PROMTOOL, ['check', 'config', join(folder, config)], {
      encoding: 'utf8',
    });
    expect(status, stdout + stderr).toBe(0);
    expect(stdout).toContain('2 rule files found');
  });
});

test('the commands of the compose file are ones that pairstorm takes: the simulator starts, and the plan of the run holds', async () => {
  const { simulator, harness } = services as Record<'simulator' | 'harness', Service>;
  // Addresses of this machine, where the containers have their own.
  const words: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', 9031: '0' };
  const running = start(
    ROOT,
    simulator
      .command!.map((word) => words[word] ?? word)
      // The name is the network's of compose; here the simulator says where it listens.
      .filter((word, at, all) => word !== '--base-url' && all[at - 1] !== '--base-url'),
  );
  let said = '';
  running.child.stdout.on('data', (text: string) => (said += text));
  await running.says('load it');
  const PF_BASE_URL = /http:\/\/127\.0\.0\.1:\d+/.exec(said)![0];
  const args = [...harness.command!, '--dry-run'].map((word) => word.replace('prometheus:9090', '127.0.0.1:9'));
  const dry = await pairstorm(emptyFolder(), args, { ...harness.environment, PF_BASE_URL });
  running.child.kill('SIGTERM');
  await running.ended;
  expect(dry.stderr).not.toContain('error:');
  expect(dry.code).toBe(0);
});

describe('deploy/pingfederate/jmx-exporter.yml', () => {
  test('makes exactly the names that the dashboard asks for', () => {
    const names = Object.values<string>(PINGFEDERATE_METRICS).sort();
    expect([...new Set(jmxRules().map(({ name }) => name))].sort()).toEqual(names);
    const made = jmxExposition(1).match(/^(?:pingfederate|jetty)_\w+/gm)!;
    expect([...new Set(made)].sort()).toEqual(names);
  });

  test('takes each attribute for itself alone: a highest value is not taken for the value', () => {
    expect(jmxExposition(1).match(/^jetty_connections_open\b.*/gm)).toEqual([
      'jetty_connections_open{connector="0"} 40',
    ]);
    expect(jmxExposition(1).match(/^jetty_request_time_seconds_total\b.*/gm)).toEqual([
      'jetty_request_time_seconds_total{handler="0"} 4',
    ]);
  });

  test('asks PingFederate for those MBeans only', () => {
    const { includeObjectNames } = parse(readFileSync(JMX_CONFIG, 'utf8')) as { includeObjectNames: string[] };
    const domains = includeObjectNames.map((name) => name.split(':')[0]!.replaceAll('.', '\\.'));
    for (const { pattern } of jmxRules())
      expect(domains.some((domain) => pattern.startsWith(`^${domain}<`))).toBe(true);
  });
});

test('the image is made of the folders that the command needs, runs as another user than root, and leaves results in a folder of that user', () => {
  const dockerfile = read('Dockerfile');
  const copied = [...dockerfile.matchAll(/^COPY --from=build \/app\/(\w+)/gm)].map(([, folder]) => folder!);
  const { files, bin } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
    readonly files: readonly string[];
    readonly bin: Readonly<Record<string, string>>;
  };
  const folders = new Set(
    files
      .filter((file) => !file.startsWith('!'))
      .map((file) => file.split('/')[0]!)
      .filter((file) => !file.includes('*') && statSync(join(ROOT, file)).isDirectory()),
  );
  const notAtRun = ['docs', 'dashboards', 'deploy', 'examples', 'bench', 'conformance'];
  expect([...folders].filter((folder) => !notAtRun.includes(folder) && !copied.includes(folder))).toEqual([]);
  expect(dockerfile).toContain(`ENTRYPOINT ["node", "/app/${bin['pairstorm']!}"]`);
  expect(dockerfile.indexOf('chown node:node results')).toBeLessThan(dockerfile.indexOf('USER 1000:1000'));
  expect(services['harness']!.volumes).toEqual(['results:/app/results']);
});
