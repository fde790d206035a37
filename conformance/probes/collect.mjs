// Runs every probe of probes.json with a k6 of yours and writes the answers as one golden file.
// Usage: node collect.mjs --out k6-v2.3.0.json [--k6 /path/to/k6] [--only 21]
/* global console, process, setTimeout, clearTimeout, URL */
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { startTarget } from './target.mjs';

const HERE = fileURLToPath(new URL('.', import.meta.url));
/** Longer than the longest probe. */
const TIMEOUT_MS = 90_000;

const { values } = parseArgs({
  options: { k6: { type: 'string', default: 'k6' }, out: { type: 'string' }, only: { type: 'string', default: '' } },
});
if (values.out === undefined) {
  console.error('give --out FILE, named by the version, like k6-v2.3.0.json');
  process.exit(2);
}

/** Runs a program; the exit code is that of the program, or the signal that ended it. */
function finished(args, environment, interruptAfterMs) {
  return new Promise((resolve, reject) => {
    const child = spawn(values.k6, args, { cwd: HERE, env: { ...process.env, ...environment } });
    const written = { stdout: '', stderr: '' };
    for (const stream of ['stdout', 'stderr'])
      child[stream].setEncoding('utf8').on('data', (text) => (written[stream] += text));
    const limit = setTimeout(() => child.kill('SIGKILL'), TIMEOUT_MS);
    const interrupt = interruptAfterMs && setTimeout(() => child.kill('SIGINT'), interruptAfterMs);
    child.once('error', reject);
    child.once('close', (code, signal) => {
      clearTimeout(limit);
      clearTimeout(interrupt);
      resolve({ ...written, exit: code ?? signal });
    });
  });
}

/** Lines without what names this machine. */
const lines = (text) =>
  text
    .replaceAll(HERE, '')
    .split('\n')
    .filter((line) => line.trim() !== '');

/** JSON lines among others. */
const answersIn = (text) =>
  lines(text)
    .filter((line) => line.startsWith('{"probe":'))
    .map((line) => JSON.parse(line));

/** Points of some metrics in an output of `--out json`. */
function pointsOf(file, metrics) {
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.includes('"Point"'))
    .map((line) => JSON.parse(line))
    .filter(({ metric }) => metrics.includes(metric));
}

async function runCase(probe, given, target, folder, reported) {
  const {
    name,
    as,
    flags = [],
    interruptAfterMs,
    raw,
    stdout: wantsStdout,
    environment = {},
  } = typeof given === 'string' ? { name: given } : given;
  const kind = raw ?? (probe.samples && 'json');
  const output = join(folder, `output.${kind}`);
  const env = Object.fromEntries(
    Object.entries(environment).map(([key, value]) => [key, value.replace('TARGET', target)]),
  );
  const args = [
    'run',
    '--quiet',
    '--no-color',
    '--log-format',
    'raw',
    '-e',
    `TARGET=${target}`,
    '-e',
    `CASE=${name}`,
    ...flags,
  ];
  if (kind) args.push('--out', `${kind}=${output}`);
  const { exit, stdout, stderr } = await finished([...args, probe.file], env, interruptAfterMs);
  const found = [...answersIn(stderr), ...answersIn(stdout), ...reported.splice(0)];
  const said = lines(stderr).filter((line) => !line.startsWith('{"probe":'));
  const result = { file: probe.file, case: as ?? name, exit, answers: found, stderr: said.slice(0, 30) };
  if (wantsStdout) result.stdout = stdout;
  try {
    if (raw) result.output = lines(readFileSync(output, 'utf8'));
    else if (kind) result.samples = pointsOf(output, probe.samples);
  } catch {
    result.samples = 'no output file';
  }
  rmSync(output, { force: true });
  return result;
}

let version;
try {
  version = execFileSync(values.k6, ['version'], { encoding: 'utf8' }).trim();
} catch (error) {
  console.error(`${values.k6} does not run (${error.code ?? error.message}); give its path with --k6`);
  process.exit(2);
}
const probes = JSON.parse(readFileSync(join(HERE, 'probes.json'), 'utf8')).filter(({ file }) =>
  file.startsWith(values.only),
);
const folder = mkdtempSync(join(tmpdir(), 'pairstorm-probes-'));
const reported = [];
const { url, close } = await startTarget(0, (answer) => reported.push(answer));
const golden = { version, results: [] };
for (const probe of probes) {
  console.error(probe.file);
  for (const given of probe.cases) golden.results.push(await runCase(probe, given, url, folder, reported));
  // After each probe, so that what was found is kept whatever comes.
  writeFileSync(values.out, `${JSON.stringify(golden, null, 1)}\n`);
}
close();
rmSync(folder, { recursive: true });
console.error(`${golden.results.length} answers → ${values.out}`);
