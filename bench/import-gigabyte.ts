import { spawn } from 'node:child_process';
import { createWriteStream, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { k6SampleLines } from './k6-sample-lines.ts';

/**
 * Imports a gigabyte of k6's JSON lines in a process of its own and checks that its memory stays below 300 MB
 * (`npm run check:import`; IMPORT_BYTES for another size). Prints time and peak memory; exit code 1 if it was too much.
 */
const BYTES = Number(process.env['IMPORT_BYTES'] ?? 1_000_000_000);
const MOST_RSS_MB = 300;

/** Writes the peak resident set in KiB to file descriptor 3 at exit. */
const TELL_PEAK =
  'data:text/javascript,import{writeSync}from"node:fs";process.on("exit",()=>writeSync(3,String(process.resourceUsage().maxRSS)))';

const folder = mkdtempSync(join(tmpdir(), 'pairstorm-import-'));
try {
  const file = join(folder, 'k6.json');
  await pipeline(Readable.from(k6SampleLines(BYTES)), createWriteStream(file));
  const started = performance.now();
  const { code, peakMb } = await importInProcess(file);
  const seconds = (performance.now() - started) / 1_000;
  const megabytes = statSync(file).size / 1e6;
  process.stdout.write(
    `${megabytes.toFixed(0)} MB imported in ${seconds.toFixed(1)} s (${(megabytes / seconds).toFixed(1)} MB/s), peak memory ${peakMb.toFixed(0)} MB (limit ${MOST_RSS_MB} MB)\n`,
  );
  process.exitCode = code === 0 && peakMb < MOST_RSS_MB ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function importInProcess(file: string): Promise<{ readonly code: number | null; readonly peakMb: number }> {
  const entry = fileURLToPath(new URL('../cli/pairstorm.js', import.meta.url));
  const child = spawn(process.execPath, [`--import=${TELL_PEAK}`, entry, 'import', file, '--results', folder], {
    stdio: ['ignore', 'inherit', 'inherit', 'pipe'],
  });
  let told = '';
  child.stdio[3]!.on('data', (text: Buffer) => (told += text.toString()));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  return { code, peakMb: (Number(told) * 1_024) / 1e6 };
}
