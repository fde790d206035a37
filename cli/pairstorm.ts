#!/usr/bin/env node
import { EXIT_CODES } from '../catalogue/exit-codes.ts';
import { carryOut, fail, understood } from './main.ts';
import { oneLine } from './one-line.ts';
import { noteStdoutError, unwrittenOutputs } from './stdout.ts';

/** Lets stream errors arrive, which are emitted after the write they belong to. */
const nextTurn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

/**
 * Exits once stdout and stderr are flushed, whatever handles scripts or libraries still hold. Requested output that
 * could not be written is an error.
 */
async function end(code: number): Promise<never> {
  const flushed = (stream: NodeJS.WriteStream): Promise<void> =>
    new Promise((resolve) => void stream.write('', () => resolve()));
  await flushed(process.stdout);
  await nextTurn();
  const unwritten = unwrittenOutputs();
  for (const line of unwritten) process.stderr.write(`error: ${oneLine(line)}\n`);
  await flushed(process.stderr);
  const passed = code === EXIT_CODES.pass.code;
  process.exit(passed && unwritten.length > 0 ? EXIT_CODES.invalid_configuration.code : code);
}

/** The exit code of a process that a signal ended is 128 and its number, as shells have it. */
const ENDED_BY = { SIGINT: 130, SIGTERM: 143 } as const;

/** As process 1 of a container, a signal that nobody handles does nothing. A run handles them itself. */
function endBySignals(): void {
  for (const [signal, code] of Object.entries(ENDED_BY))
    process.on(signal, () => {
      if (process.listenerCount(signal) === 1) process.exit(code);
    });
}

const args = understood(process.argv.slice(2));
process.stdout.on('error', noteStdoutError);
// A closed terminal is not a reason to fail.
process.stderr.on('error', () => undefined);
if (process.pid === 1) endBySignals();
process.on('uncaughtException', (error) => void end(fail(error, args)));
await end(await carryOut(args));
