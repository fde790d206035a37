import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { encodeInventory } from '../../contract/inventory.ts';
import { decodeAnswer } from '../../report/capacity/answer-file.ts';
import { startSimulator } from '../../simulator/index.ts';
import { ADMIN_PATHS } from '../../simulator/wire/admin-api.ts';
import type { SimulatorCounts } from '../../simulator/wire/admin-api.ts';
import { emptyFolder, pairstorm } from './command.ts';
import { startCpuPage } from './cpu-page.ts';

const WORKERS = 4;

/** Minutes: `npm run check:planning`. */
test.skipIf(process.env['PLANNED_CLUSTERS'] === undefined)(
  'beside the answer for a simulator of four workers stand its four workers, and what they are busy with a sign-in',
  { timeout: 900_000 },
  async () => {
    const cwd = emptyFolder();
    const simulator = await startSimulator({
      ...{
        users: 8_000,
        workers: WORKERS,
        latencyMs: 60,
        latencyShape: 'lognormal',
        timeScale: 0.1,
        queueLimit: 100_000,
      },
    });
    const counts = async (): Promise<SimulatorCounts> =>
      (await (await fetch(simulator.url + ADMIN_PATHS.counts)).json()) as SimulatorCounts;
    // Its workers stand in for cores: so many seconds of them were in use.
    const page = await startCpuPage(async () => (await counts()).busySeconds);
    writeFileSync(join(cwd, 'people.json'), encodeInventory(simulator.inventory));
    try {
      const { code, stdout, stderr } = await pairstorm(cwd, [
        ...[
          'capacity',
          '--slo',
          'p95(http_req_duration{peer:pf})<300ms',
          '--level',
          '24s',
          '--budget',
          '6m',
          '--start',
          '2',
        ],
        ...['--allow-invalid', '--target-metrics', page.url, '--target-cores', `${WORKERS}`, '--results', 'r'],
        ...['-e', 'TIME_SCALE=0.1', '-e', `PF_BASE_URL=${simulator.url}`, '-e', 'INVENTORY=people.json'],
      ]);
      expect(code, stderr).toBe(0);
      const file = join(cwd, 'r', readdirSync(join(cwd, 'r'))[0]!, 'answer.json');
      const { models, levels, rate } = decodeAnswer(JSON.parse(readFileSync(file, 'utf8')), file);
      // Workers that stand still because the machine does are busy, and no queueing model has that.
      if (levels.some(({ why }) => why !== '')) {
        console.warn('the machine was too busy to play the levels: the figures beside the answer are not compared');
        return;
      }
      const { served, busySeconds } = await counts();
      // Requests of a flow in the levels that the law takes.
      const calm = levels.filter(({ verdict, end }) => end === 'observed' && verdict !== 'broke');
      const sum = (of: (level: (typeof calm)[number]) => number): number =>
        calm.reduce((total, level) => total + level.lookedSeconds * of(level), 0);
      const perFlow = sum(({ figures }) => figures!.requestsPerSecond) / sum(({ figures }) => figures!.startsPerSecond);
      const cost = (perFlow * busySeconds) / served;
      console.log(stdout, { cost, saturation: WORKERS / cost, perFlow, service: busySeconds / served });
      expect(models!.noCpu).toBeNull();
      const law = models!.cpu!;
      expect(law.secondsPerFlow.low / cost).toBeLessThan(1.05);
      expect(law.secondsPerFlow.high / cost).toBeGreaterThan(0.95);
      expect(law.secondsPerFlow.value / cost).toBeCloseTo(1, 0.7);
      expect(law.limit).not.toBe('other');
      expect(law.atAnswer).toBeCloseTo((rate! * cost) / WORKERS, 1);
      // Told only where its waits are those of a queue, which on a busy machine they may not be.
      if (models!.workers !== null) expect(models!.workers.workers / WORKERS).toBeCloseTo(1, 0.7);
    } finally {
      page.close();
      await simulator.close();
    }
  },
);
