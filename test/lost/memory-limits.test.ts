import { describe, expect, test } from 'vitest';
import { memoryFault } from '../../engine/memory-fault.ts';
import { emptyFolder, scriptFile } from '../cli/command.ts';
import { LOST, ownScript, startNode } from './node-command.ts';

/** A script that keeps more and more: fast at first, then in the steps of a leak. */
function hoarder(folder: string): string {
  return scriptFile(
    folder,
    'hoarder.js',
    `exports.options = { vus: 1, duration: '40s' };
     const kept = [];
     exports.default = async () => {
       kept.push(Array.from({ length: kept.length < 45 ? 20000 : 3000 }, (_, i) => ({ i, text: 'x' + i })));
       await new Promise((r) => setTimeout(r, 20));
     };`,
  );
}

const SMALL_HEAP = { NODE_OPTIONS: '--max-old-space-size=120' };
const NEAR_END =
  /^warning: the heap of (.*) uses \d+ of 120 MiB; .*exit code 134.*NODE_OPTIONS=--max-old-space-size=MIB/m;

describe.skipIf(process.platform !== 'linux')('Memory that is not there is named in one line:', () => {
  test('an address space too small to start in is not a fault of Pairstorm (exit 104)', async () => {
    const folder = emptyFolder();
    const { ended } = startNode(folder, ['run', ownScript(folder)], { before: 'ulimit -v 4000000' });
    const { code, stderr } = await ended;
    expect(stderr).toMatch(/^error: .*ulimit -v.*NODE_OPTIONS=--disable-wasm-trap-handler$/m);
    expect(stderr).not.toContain('a fault of Pairstorm');
    expect(code, stderr).toBe(104);
  });

  test('a heap that comes near its limit is spoken of before V8 aborts the process (exit 134)', async () => {
    const folder = emptyFolder();
    const { ended } = startNode(folder, ['run', hoarder(folder), '--workers', '0'], { env: SMALL_HEAP });
    const { code, signal, stderr } = await ended;
    expect(NEAR_END.exec(stderr)?.[1], stderr).toBe('the main thread');
    expect(stderr.match(/^warning: the heap of/gm)).toHaveLength(1);
    expect([code, signal]).toEqual([null, 'SIGABRT']);
  });

  test.runIf(LOST)('a worker that runs out of heap is spoken of, and then lost alone (exit 120)', async () => {
    const folder = emptyFolder();
    const { ended } = startNode(folder, ['run', hoarder(folder), '--workers', '1'], { env: SMALL_HEAP });
    const { code, stderr } = await ended;
    expect(NEAR_END.exec(stderr)?.[1], stderr).toBe('worker 1 of 1');
    expect(stderr).toMatch(/^invalid: worker 1 of 1 was lost: it ran out of memory: .*--max-old-space-size/m);
    expect(code, stderr).toBe(120);
  });

  test.runIf(LOST)('what the line about the address space says is a remedy', async () => {
    const folder = emptyFolder();
    const { ended } = startNode(folder, ['run', ownScript(folder)], {
      before: 'ulimit -v 4000000',
      env: { NODE_OPTIONS: '--disable-wasm-trap-handler' },
    });
    const { code, stderr } = await ended;
    expect(code, stderr).toBe(0);
  });

  test.runIf(LOST)('a simulator that V8 aborts at its start is not a fault of Pairstorm (exit 104)', async () => {
    const folder = emptyFolder();
    const dying = scriptFile(folder, 'dying.cjs', 'if (process.send) process.abort();');
    const { ended } = startNode(folder, ['run', ownScript(folder), '--simulator'], {
      env: { NODE_OPTIONS: `--require=${dying}` },
    });
    const { code, stderr } = await ended;
    expect(stderr).toMatch(/^error: the simulator could not start \(SIGABRT\): .*ran out of memory/m);
    expect(code, stderr).toBe(104);
  });
});

test.each([
  [new RangeError('WebAssembly.instantiate(): Out of memory: Cannot allocate Wasm memory'), /ulimit -v/],
  [new RangeError('WebAssembly.Memory(): could not allocate memory'), /ulimit -v/],
  [new RangeError('Array buffer allocation failed'), /cannot allocate more memory/],
  [Object.assign(new Error('x'), { code: 'ERR_WORKER_OUT_OF_MEMORY' }), /max-old-space-size/],
  [Object.assign(new Error('spawn ENOMEM'), { code: 'ENOMEM' }), /cannot allocate more memory/],
  [new RangeError('Invalid array length'), undefined],
  [new Error('out of memory, said the target'), undefined],
  ['a text', undefined],
])('%s', (error, line) => {
  if (line === undefined) expect(memoryFault(error)).toBeUndefined();
  else expect(memoryFault(error)).toMatch(line);
});
