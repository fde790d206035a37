import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { reasonToSkip } from './host.ts';

const skipped = await reasonToSkip();
if (skipped !== undefined) console.warn(`conformance: skipped, because ${skipped}`);

const inSources = { cwd: 'conformance/sobek' };
const call = promisify(execFile);

test.skipIf(skipped !== undefined)('the Sobek host is formatted, vetted, and passes its own tests', async () => {
  expect((await call('gofmt', ['-l', '.'], inSources)).stdout).toBe('');
  await call('go', ['vet', './...'], inSources);
  expect((await call('go', ['test', './...'], inSources)).stdout).toMatch(/^ok/);
});
