import { readFileSync } from 'node:fs';
import { exitOnSignals } from './child-process.ts';
import { productRun } from './product-run.ts';

/**
 * Resident memory of the engine at constant load, late relative to early: dist/load.js against the simulator. Each
 * figure is the median of a window before its minute, because the heap is a sawtooth. Needs /proc. Arguments: minutes
 * (30), the early minute (3), flow starts per second (50).
 */
exitOnSignals();
const [minutes = 30, early = 3, rate = 50] = process.argv.slice(2).map(Number);
if (!(early > 0 && early < minutes)) throw new Error(`the early minute must be before the end: ${early} of ${minutes}`);

const EVERY_MS = 1_000;
/** Window before a minute, as a part of the time since the start. */
const WINDOW = 0.2;

const rss = (pid: number): number => {
  const [, kib] = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kib) / 1024;
};

/** Resident memory in MiB, once per second from the start of the process. */
const samples: Readonly<Record<'engine' | 'simulator', number[]>> = { engine: [], simulator: [] };
const run = await productRun(rate, minutes * 60, {
  watch: ({ pid }) => {
    const timer = setInterval(() => {
      try {
        samples.engine.push(rss(pid!));
        const children = readFileSync(`/proc/${pid!}/task/${pid!}/children`, 'utf8').trim().split(' ');
        samples.simulator.push(rss(Number(children[0])));
      } catch {
        // The process has ended, or its simulator has not started yet.
      }
      if (samples.engine.length * EVERY_MS >= minutes * 60_000) clearInterval(timer);
    }, EVERY_MS);
    timer.unref();
  },
});

/** Median of the window that ends at a minute. */
const at = (values: readonly number[], minute: number): number => {
  const end = Math.min(values.length, Math.round((minute * 60_000) / EVERY_MS));
  const window = values.slice(Math.floor(end * (1 - WINDOW)), end).sort((a, b) => a - b);
  return window[Math.floor(window.length / 2)]!;
};
console.log(
  `| ${rate} flow starts a second, ${run.flows} flows | RSS at ${early} min, MiB | at ${minutes} min | ratio | bar |`,
);
console.log('|---|---|---|---|---|');
for (const [name, values] of Object.entries(samples)) {
  const [first, last] = [at(values, early), at(values, minutes)];
  const bar = name === 'engine' ? '≤ 1.05' : '';
  console.log(`| ${name} | ${first.toFixed(0)} | ${last.toFixed(0)} | ${(last / first).toFixed(2)} | ${bar} |`);
}
