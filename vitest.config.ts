import { readFileSync } from 'node:fs';
import { defineConfig } from 'vitest/config';
import { BaseSequencer } from 'vitest/node';
import type { TestSpecification } from 'vitest/node';

/**
 * Disks, pipes, secrets and memory through the real command take minutes: `npm run check:lost` has them (.ci/run calls it), and what
 * needs no such thing (harmed records, lines that wait) is in `npm test` too.
 */
const SLOW = [
  ...['deadlines', 'encodings', 'endless-bodies', 'foreign-pages', 'full-disk', 'hostile-files'],
  ...['memory-limits', 'outputs', 'paths', 'secrets'],
];
const LEFT_OUT = process.env['LOST'] === undefined ? SLOW : [];
if (LEFT_OUT.length > 0) console.warn(`left to "npm run check:lost": test/lost/{${LEFT_OUT.join(',')}}.test.ts`);

/** What waits longest, for runs of the real command, one after another: at the end of a run all else would wait for it. */
const LONGEST = ['cli/capacity', 'cli/resilience', 'verdict/rows', 'cli/run-scenario', 'lib/flow/outcomes'];
const isLongest = ({ moduleId }: TestSpecification): boolean =>
  LONGEST.some((name) => moduleId.endsWith(`/test/${name}.test.ts`));

/** Whether a file starts the command, or plays flows against a simulator: files that do wait for them, however small they are. */
const waits = ({ moduleId }: TestSpecification): boolean =>
  /\/(command|stage|script-fixture|simulator\/index)\.ts'|child_process/.test(readFileSync(moduleId, 'utf8'));

/** Those that wait first: those that only calculate are short, and leave no core idle at the end. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = new Map(files.map((file) => [file, isLongest(file) ? 0 : waits(file) ? 1 : 2]));
    return (await super.sort(files)).sort((a, b) => place.get(a)! - place.get(b)!);
  }
}

export default defineConfig({
  test: {
    globalSetup: 'test/temporary-folders.ts',
    include: ['test/**/*.test.ts'],
    exclude: ['node_modules/**', ...LEFT_OUT.map((name) => `test/lost/${name}.test.ts`)],
    pool: 'forks',
    // Modules are loaded once per process, not once per file: that took a quarter of the time. No test may count on a fresh module.
    isolate: false,
    // Most of a test's time is waiting for people who answer, so five files at a time fit on two cores. As few as as many: a pool
    // that ends an idle process now and then ends the whole run with "Terminating worker thread".
    poolOptions: { forks: { maxForks: 5, minForks: 5 } },
    sequence: { sequencer: LongestFirst },
    // Tests start real processes and real servers; the limit is for hangs, no test measures time.
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
