import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Client } from './client.ts';
import { TOOLS, program, toolFile } from './search.ts';

/** JMeter (Maven Central, Apache-2.0): without GUI, results in its CSV file, heap as in its start script. */
export const jmeter: Client = {
  name: 'JMeter',
  flows: [4_000, 12_000],
  renewsCookie: true,
  find() {
    const launcher = join(TOOLS, 'jmeter/bin/ApacheJMeter.jar');
    const java = program('java');
    if (TOOLS === '' || !existsSync(launcher)) return { missing: 'no jmeter/bin/ApacheJMeter.jar in BENCH_TOOLS' };
    if (java === undefined) return { missing: 'no java in PATH' };
    // Without this folder the launcher complains and exits with 0.
    mkdirSync(join(TOOLS, 'jmeter/lib/junit'), { recursive: true });
    return {
      command: ({ target, flows, users, folder }) => ({
        file: java,
        args: [
          ...['-Xms1g', '-Xmx1g', '-jar', launcher, '--nongui', '--testfile', toolFile('jmeter/flow.jmx')],
          ...[`-Jport=${new URL(target).port}`, `-Jusers=${users}`, `-Jflows=${flows / users}`],
          ...['--logfile', join(folder, `${flows}-${Date.now()}.jtl`), '--jmeterlogfile', join(folder, 'jmeter.log')],
          // 5.6 warns about its cookie manager at every request (apache/jmeter#6457), which should not be measured.
          '--loglevel=ERROR',
        ],
      }),
    };
  },
};
