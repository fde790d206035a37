import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { emptyFolder, scriptFile } from '../command.ts';
import { screen } from './screen.ts';

const ENTRY = fileURLToPath(new URL('../../../build/cli/pairstorm.js', import.meta.url));

const SCRIPT = `
import exec from 'k6/execution';
export const options = {
  scenarios: { steady: { executor: 'constant-arrival-rate', rate: 20, duration: '10m', preAllocatedVUs: 10, tags: { phase: 'steady' } } },
  thresholds: { iterations: ['count>0'] },
};
export default async () => {
  if (exec.scenario.iterationInTest === 5) console.warn('a line of the script');
  await new Promise((resolve) => setTimeout(resolve, 450));
};`;

// util-linux's script(1) gives a command a real pseudo-terminal; other systems' script(1) has other flags.
test.skipIf(process.platform !== 'linux')(
  'On a real terminal the block is drawn in place below the lines, and Ctrl-C leaves the lines and no block',
  async ({ onTestFailed }) => {
    const folder = emptyFolder();
    const file = scriptFile(folder, 'steady.js', SCRIPT);
    const command = `stty cols 70 rows 20; exec '${process.execPath}' '${ENTRY}' run '${file}' --workers 0 --allow-invalid`;
    // A process group of its own, so that a test which gives up leaves nothing behind.
    const child = spawn('script', ['-qfec', command, '/dev/null'], {
      cwd: folder,
      detached: true,
      env: { PATH: process.env['PATH'] ?? '', TERM: 'xterm', SHELL: '/bin/sh' },
    });
    onTestFailed(() => {
      if (child.exitCode === null) process.kill(-child.pid!, 'SIGHUP');
    });
    const shown = screen(70, 20);
    let during: string[] | undefined;
    let frames = 0;
    let finishing = '';
    for await (const chunk of child.stdout.setEncoding('utf8')) {
      await shown.write(chunk as string);
      const lines = shown.lines();
      finishing ||= lines.find((line) => line.includes(' finishing ')) ?? '';
      frames += (chunk as string).split('VUs').length - 1;
      if (during !== undefined || frames < 8 || !lines.some((line) => / \d+\.\d\/20\.0 /.test(line))) continue;
      during = lines;
      // The terminal's own Ctrl-C: it echoes ^C and signals the process.
      child.stdin.write('\x03');
    }
    const code = await new Promise((resolve) => {
      if (child.exitCode !== null) resolve(child.exitCode);
      else child.once('close', resolve);
    });
    expect(code).toBe(105);
    expect(during!.filter((line) => line.includes('of 10 VUs'))).toHaveLength(1);
    const head = during!.findIndex((line) => line.includes('of 10 VUs'));
    expect(during!.findIndex((line) => line.includes('a line of the script'))).toBeLessThan(head);
    expect(during![head]).toMatch(
      /^0:\d\d\/10:00 steady {2}\d+\.\d\/20\.0 iters ended\/s {2}0 errors {2}\d+ of 10 VUs$/,
    );
    expect(during!.slice(head + 1)).toEqual([expect.stringMatching(/^generator/)]);
    expect(finishing).toMatch(/ steady {2}finishing \d+ iterations? \(up to 30 s\) {2}0 errors/);
    const after = shown.lines();
    expect(after.some((line) => line.includes('finishing flows'))).toBe(true);
    expect(after.filter((line) => line.includes('of 10 VUs') || line.startsWith('generator '))).toEqual([]);
  },
  60_000,
);
