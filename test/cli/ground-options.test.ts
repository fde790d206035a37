import { expect, it } from 'vitest';
import { emptyFolder, pairstorm, scriptFile } from './command.ts';
import { carriedOut } from './in-process.ts';

const folder = emptyFolder();
const config = scriptFile(folder, 'throws.json', '{ "throw": true }');

it.each([
  [
    '--no-setup',
    ['smoke', '--no-setup'],
    {},
    /^error: --no-setup cannot be combined with smoke: setup\(\) checks target/,
  ],
  ['K6_NO_SETUP', ['load'], { K6_NO_SETUP: 'true' }, /^error: K6_NO_SETUP cannot be combined with load/],
  [
    '--no-teardown',
    ['resilience', '--no-teardown'],
    {},
    /^error: --no-teardown .* resilience: teardown\(\) ends the faults/,
  ],
  [
    '--throw',
    ['soak', '--throw'],
    {},
    /^error: --throw cannot be combined with soak: a failed request is recorded as an outcome/,
  ],
  ['K6_THROW', ['smoke'], { K6_THROW: 'true' }, /^error: K6_THROW cannot be combined with smoke/],
  [
    '--iterations',
    ['smoke', '--iterations', '5'],
    {},
    /^error: --iterations cannot be combined with smoke: .* write -e FLOWS=5/,
  ],
  [
    'K6_ITERATIONS',
    ['smoke'],
    { K6_ITERATIONS: '7' },
    /^error: K6_ITERATIONS cannot be combined with smoke: .* write -e FLOWS=7/,
  ],
  [
    '--vus',
    ['load', '--vus', '7'],
    {},
    /^error: --vus cannot be combined with load: it would replace the scenarios that are planned; write -e VUS=7$/m,
  ],
  ['K6_VUS', ['smoke'], { K6_VUS: '7' }, /^error: K6_VUS cannot be combined with smoke: .* write -e VUS=7/],
  ['--once', ['smoke', '--once'], {}, /^error: --once cannot be combined with smoke: .* write -e FLOWS=1/],
  [
    'a file',
    ['smoke', '--config', config],
    {},
    /^error: throw in the configuration file cannot be combined with smoke/,
  ],
])('%s is refused for a scenario that stands on it, before any load', async (_place, args, env, line) => {
  const { code, stderr } = await carriedOut(folder, ['run', ...args], env);
  expect(stderr).toMatch(line);
  expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  expect(code).toBe(104);
});

it('what takes nothing away is let through, as is everything for a script of one’s own', async () => {
  const script = scriptFile(
    folder,
    'own.js',
    'exports.setup = () => { throw new Error("not called"); }; exports.default = () => {};',
  );
  const own = await pairstorm(folder, ['run', script, '--no-setup', '--no-teardown', '--throw'], {});
  expect(own.code, own.stderr).toBe(0);
  const off = await pairstorm(folder, ['run', 'smoke', '--no-teardown', '--dry-run'], { K6_NO_SETUP: 'false' });
  expect(off.code, off.stderr).toBe(0);
});
