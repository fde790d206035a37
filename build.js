import { spawn } from 'node:child_process';
import { delimiter } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Builds, checks types, or tests: lanes side by side, for two cores; the steps of a lane one after another. `node build.js
 * [package|run|types|test]`: the whole package, what a run needs (without declarations), the type check, or the type check beside the
 * tests, which wait for a good part of their time; arguments after `test` are vitest's. Compiling checks no types: that takes longer
 * than all the rest, and `npm run typecheck` does it, of which `npm test` is a part.
 */
const COMPILE = 'tsc -p tsconfig.json --noCheck';
const INVENTORY = 'node build/cli/pairstorm.js inventory --users 4000 --seed 7 --out dist/inventory.json --quiet';
const RUN = [[COMPILE, INVENTORY], ['webpack --no-stats']];
const TYPES = [
  ['tsc -p tsconfig.json --noEmit --incremental false', 'tsc -p tsconfig.vu.json'],
  ['node test-types.js'],
];
const [task = 'package', ...more] = process.argv.slice(2);
const LANES = {
  run: RUN,
  package: [...RUN, ['node declarations.js']],
  types: TYPES,
  // One check after another: the other core is for the tests.
  test: [[['vitest', 'run', ...more]], TYPES.flat()],
};

const PATH = [fileURLToPath(new URL('node_modules/.bin', import.meta.url)), process.env.PATH].join(delimiter);

/** What the commands said that had to hold it back. */
const held = [];

/** Resolves to whether it succeeded; what it says goes through, or is held back until all lanes have ended. */
const succeeds = (command, holds) =>
  new Promise((resolve) => {
    const [program, ...args] = [command].flat();
    const child = spawn(program, args, {
      shell: typeof command === 'string',
      stdio: ['inherit', holds ? 'pipe' : 'inherit', 'inherit'],
      env: { ...process.env, PATH },
    });
    child.stdout?.setEncoding('utf8').on('data', (text) => held.push(text));
    child.once('close', (code) => resolve(code === 0));
  });

async function play(lane, at) {
  // Between the lines of the tests nobody would see it.
  const holds = task === 'test' && at > 0;
  for (const command of lane) if (!(await succeeds(command, holds))) return false;
  return true;
}

const ended = await Promise.all(LANES[task].map(play));
if (held.length > 0) process.stdout.write(`\ntype check:\n${held.join('')}`);
if (ended.includes(false)) process.exitCode = 1;
