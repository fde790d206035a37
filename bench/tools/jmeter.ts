import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Client } from './client.ts';
import { TOOLS, program, toolFile } from './search.ts';

/** JMeter (Maven Central, Apache-2.0): without its window, results in its CSV file, heap as its own start script sets it. */
export const jmeter: Client = {
  name: 'JMeter',
  flows: [4_000, 12_000],
  renewsCookie: true,
  find() {
    const launcher = join(TOOLS, 'jmeter/bin/ApacheJMeter.jar');
    const java = program('java');
    if (TOOLS === '' || !existsSync(launcher)) return { missing: 'no jmeter/bin/ApacheJMeter.jar in BENCH_TOOLS' };
    if (java === undefined) return { missing: 'no java in PATH' };
    // The launcher complains about a folder that is not there and ends with 0.
    mkdirSync(join(TOOLS, 'jmeter/lib/junit'), { recursive: true });
    return {
      command: ({ target, flows, users, folder }) => ({
        file: java,
        args: [
          ...['-Xms1g', '-Xmx1g', '-jar', launcher, '--nongui', '--testfile', toolFile('jmeter/flow.jmx')],
          ...[`-Jport=${new URL(target).port}`, `-Jusers=${users}`, `-Jflows=${flows / users}`],
          ...['--logfile', join(folder, `${flows}-${Date.now()}.jtl`), '--jmeterlogfile', join(folder, 'jmeter.log')],
          // 5.6 warns of its cookie manager at every request (apache/jmeter#6457); that is not what is measured.
          '--loglevel=ERROR',
        ],
      }),
    };
  },
};
