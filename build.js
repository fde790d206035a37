import { spawn } from 'node:child_process';
import { delimiter } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Builds, or checks types: lanes side by side, for two cores; the steps of a lane one after another. `node build.js [package|run|types]`:
 * the whole package, what a run needs (without declarations), or the type check. Compiling checks no types: that takes longer than all
 * the rest, and `npm run typecheck` does it, of which `npm test` is a part.
 */
const COMPILE = 'tsc -p tsconfig.json --noCheck';
const INVENTORY = 'node build/cli/pairstorm.js inventory --users 4000 --seed 7 --out dist/inventory.json --quiet';
const RUN = [[COMPILE, INVENTORY], ['webpack --no-stats']];
const LANES = {
  run: RUN,
  package: [...RUN, ['node declarations.js']],
  types: [
    ['tsc -p tsconfig.json --noEmit --incremental false', 'tsc -p tsconfig.vu.json'],
    ['tsc -p tsconfig.test.json'],
  ],
};

const PATH = [fileURLToPath(new URL('node_modules/.bin', import.meta.url)), process.env.PATH].join(delimiter);

/** Resolves to whether it succeeded; what it says goes through. */
const succeeds = (command) =>
  new Promise((resolve) => {
    const child = spawn(command, { shell: true, stdio: 'inherit', env: { ...process.env, PATH } });
    child.once('exit', (code) => resolve(code === 0));
  });

async function play(lane) {
  for (const command of lane) if (!(await succeeds(command))) return false;
  return true;
}

const ended = await Promise.all(LANES[process.argv[2] ?? 'package'].map(play));
if (ended.includes(false)) process.exitCode = 1;
