import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { Client } from './client.ts';
import { jars, program, toolFile } from './search.ts';

/** Gatling (Maven Central, Apache-2.0): a simulation in its Java DSL, no HTML report, default results file. */
export const gatling: Client = {
  name: 'Gatling',
  flows: [10_000, 40_000],
  renewsCookie: true,
  find() {
    const libraries = jars('gatling/lib');
    const [java, javac] = [program('java'), program('javac')];
    if (libraries === undefined) return { missing: 'no gatling/lib in BENCH_TOOLS' };
    if (java === undefined || javac === undefined) return { missing: 'no java or javac in PATH' };
    const sources = toolFile('gatling/');
    const classes = mkdtempSync(join(tmpdir(), 'pairstorm-bench-gatling-'));
    process.once('exit', () => rmSync(classes, { recursive: true }));
    try {
      execFileSync(javac, ['-cp', libraries, '-d', classes, join(sources, 'BenchFlow.java')]);
    } catch {
      return { missing: 'javac does not compile BenchFlow.java' };
    }
    return {
      command: ({ target, flows, users, folder }) => ({
        file: java,
        args: [
          ...[
            '-Xmx1g',
            '--add-opens=java.base/java.lang=ALL-UNNAMED',
            '-cp',
            [classes, sources, libraries].join(delimiter),
          ],
          ...[`-Dtarget=${target}`, `-Dusers=${users}`, `-DflowsPerUser=${flows / users}`],
          ...['io.gatling.app.Gatling', '--simulation', 'BenchFlow', '--results-folder', folder, '--no-reports'],
        ],
      }),
    };
  },
};
