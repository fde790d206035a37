import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';

/** `npm test` takes what is built for granted; `npm run check:consumer` packs it, compiles against it and runs it. */
const WANTED = process.env['CONSUMER'] !== undefined;
if (!WANTED) console.warn('left to "npm run check:consumer": a project that uses the packed library');

const ROOT = resolve(import.meta.dirname, '..');

const FILES = {
  'package.json': '{ "name": "consumer", "private": true, "type": "module" }',
  'tsconfig.json': JSON.stringify({
    compilerOptions: {
      ...{ strict: true, noUncheckedIndexedAccess: true, verbatimModuleSyntax: true },
      // Declarations of the package are checked, too.
      ...{ skipLibCheck: false, module: 'nodenext', moduleResolution: 'nodenext', target: 'es2022', lib: ['es2023'] },
      ...{ types: ['node', 'k6'], outDir: 'out' },
    },
    include: ['*.ts'],
  }),
  'script.ts': `
    import type { Options } from 'k6/options';
    import { Counter } from 'k6/metrics';
    import { flowOptions, playFlow, prepareFlows } from 'pairstorm/lib';
    import type { FlowData, FlowEnding } from 'pairstorm/lib';
    export const options: Options = {
      ...flowOptions,
      vus: 3,
      iterations: 6,
      thresholds: { outcome_mismatch: ['rate==0'], as_expected: ['count==6'] },
    };
    const asExpected = new Counter('as_expected');
    export const setup = async (): Promise<FlowData & { mine: string }> => ({ ...(await prepareFlows()), mine: 'yes' });
    export default async (data: FlowData & { mine: string }): Promise<void> => {
      const ending: FlowEnding = await playFlow(data, { from: 20 });
      if (ending.asExpected && data.mine === 'yes') asExpected.add(1);
    };`,
  'main.ts': `
    import { writeFileSync } from 'node:fs';
    import { StopSignal, run } from 'pairstorm/engine';
    import type { RunResult } from 'pairstorm/engine';
    import { startSimulator } from 'pairstorm/simulator';
    const [script = ''] = process.argv.slice(2);
    const simulator = await startSimulator({ users: 60, latency: 'off', timeScale: 0.1 });
    writeFileSync('people.json', JSON.stringify(simulator.inventory));
    const lines: string[] = [];
    const result: RunResult = await run({
      bundlePath: script,
      env: { PF_BASE_URL: simulator.url, INVENTORY: process.cwd() + '/people.json', TIME_SCALE: '0.1' },
      allowInvalid: true,
      stop: new StopSignal(),
      onConsole: (level, line) => lines.push(level + ': ' + line),
    });
    await simulator.close();
    const { exitCode, reason, iterations: { completed } } = result;
    console.log(JSON.stringify({ exitCode, reason, completed, lines }));`,
  'defaults.ts': `
    import { startSimulator } from 'pairstorm/simulator';
    const simulator = await startSimulator();
    const { status } = await fetch(simulator.url + '/pf/heartbeat.ping');
    await simulator.close();
    // @ts-expect-error A setting that is not there.
    const wrong = await startSimulator({ latencyy: 'off' }).catch((error: unknown) => String(error));
    console.log(JSON.stringify({ status, users: simulator.inventory.users.length, wrong }));`,
  'webpack.config.js': `
    export default {
      mode: 'production', entry: './out/script.js', target: ['web', 'es2022'], externals: /^k6(\\/.*)?$/, externalsType: 'commonjs',
      output: { path: import.meta.dirname, filename: 'webpacked.js', library: { type: 'commonjs-static' } },
    };`,
};

let folder: string;

/** Runs a program of the checkout in the consumer's folder; what it wrote. */
function node(...args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' });
  expect(status, stdout + stderr).toBe(0);
  return stdout;
}

/** Puts the packed package, and of this checkout's modules what it depends on, in the place of `npm install`. */
function install(): void {
  const packed = execFileSync('npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', folder], {
    cwd: ROOT,
  });
  const modules = join(folder, 'node_modules');
  mkdirSync(join(modules, 'pairstorm'), { recursive: true });
  const tarball = join(folder, packed.toString().trim());
  execFileSync('tar', ['-xzf', tarball, '-C', join(modules, 'pairstorm'), '--strip-components=1']);
  const { dependencies } = JSON.parse(readFileSync(join(modules, 'pairstorm/package.json'), 'utf8')) as {
    readonly dependencies: Readonly<Record<string, string>>;
  };
  for (const name of [...Object.keys(dependencies), '@types/k6', '@types/node', 'undici-types']) {
    mkdirSync(dirname(join(modules, name)), { recursive: true });
    symlinkSync(join(ROOT, 'node_modules', name), join(modules, name));
  }
}

describe.skipIf(!WANTED)('A TypeScript project that has the package', () => {
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'pairstorm-consumer-'));
    install();
    for (const [name, text] of Object.entries(FILES)) writeFileSync(join(folder, name), text);
    node(join(ROOT, 'node_modules/typescript/bin/tsc'));
  }, 180_000);

  test('starts a simulator without a word, and is told what it got wrong', () => {
    expect(JSON.parse(node('out/defaults.js'))).toEqual({
      ...{ status: 200, users: 1_000 },
      wrong: 'SimulatorSettingsError: simulator: latencyy is not a setting of the simulator',
    });
  });

  const bundle = (tool: string, ...args: readonly string[]) => node(join(ROOT, 'node_modules', tool), ...args);
  test.each([
    ['as it is', 'script.ts', () => undefined],
    ['compiled', 'out/script.js', () => undefined],
    [
      'bundled by esbuild, as for k6',
      'esbuilt.js',
      () =>
        // What lies there may be the program itself.
        execFileSync(
          join(ROOT, 'node_modules/.bin/esbuild'),
          'script.ts --bundle --format=cjs --platform=neutral --external:k6 --external:k6/* --outfile=esbuilt.js'.split(
            ' ',
          ),
          { cwd: folder, stdio: 'ignore' },
        ),
    ],
    ['bundled by webpack, as for k6', 'webpacked.js', () => bundle('webpack-cli/bin/cli.js', '--no-stats')],
  ])('plays flows from a script of its own, %s', (_how, script, prepare) => {
    prepare();
    const { lines, ...result } = JSON.parse(node('out/main.js', script)) as { readonly lines: readonly string[] };
    expect(result, lines.join('\n')).toEqual({ exitCode: 0, completed: 6 });
    expect(lines).toContain("info: accounts reset: 60 planned users, by the simulator's phone API");
  });
});
