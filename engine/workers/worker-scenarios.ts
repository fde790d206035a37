import { performance } from 'node:perf_hooks';
import type { OptionLayer } from '../consolidate.ts';
import { vusOf } from '../executors/table.ts';
import type { ThreadHealth } from '../generator-health/monitor.ts';
import type { ProxyEnvironment } from '../http/proxy.ts';
import { LiveCounts } from '../live-counts.ts';
import type { OutputTarget } from '../outputs/output-target.ts';
import type { SampleOutputs } from '../outputs/sample-outputs.ts';
import type { Collector } from '../recording/collector.ts';
import type { ScenarioHost } from '../scenario-host.ts';
import type { ScriptSource } from '../script-source.ts';
import type { TestRun } from '../test-run.ts';
import type { WorkerOrder } from './messages.ts';
import { WorkerLink } from './worker-link.ts';
import { youngGenerationMiB } from './young-generation.ts';

/** Settings of worker threads, in addition to the run itself. */
export interface WorkerSetting {
  readonly source: ScriptSource;
  readonly layers: readonly OptionLayer[];
  readonly proxies: ProxyEnvironment | undefined;
  readonly outputs: readonly OutputTarget[];
  readonly samples: SampleOutputs | undefined;
  readonly collector: Collector;
  readonly intervalMs: number;
  /** Maximum number of threads; no more than VUs or shared connections. */
  readonly workers: number;
  /** Time without a heartbeat until a thread is warned about, and until it is abandoned, in milliseconds. */
  readonly stuckAfterMs: number;
  readonly loseAfterMs: number;
}

/**
 * Plays a run's scenarios in worker threads, each with an equal share of the VUs. What they record is merged into the
 * run every second. A lost or stuck thread ends alone; the others go on, and the run reports it. Resolves when all
 * threads have created their first VUs; rejects with a ScriptFailure if the script's init code throws.
 */
export async function workerScenarios(test: TestRun, setting: WorkerSetting): Promise<ScenarioHost> {
  const most = Math.max(...test.settings!.scenarios.map((plan) => test.segment.count(vusOf(plan).atMost)));
  // Each thread has its own connection pool, with at least one connection.
  const rows = Math.max(1, Math.min(setting.workers, most, test.sharedConnections ?? Infinity));
  test.counts = new LiveCounts(0, rows);
  const youngMiB = youngGenerationMiB(test.settings!.scenarios, test.segment, rows);
  const faults: string[] = [];
  const health: ThreadHealth[] = [];
  const links = Array.from({ length: rows }, (_, row) => {
    const { source, layers, proxies, outputs } = setting;
    const order: WorkerOrder = {
      script: { path: source.path, code: source.code, map: source.map?.payload },
      env: test.env,
      layers,
      proxies,
      sharedConnections: test.sharedConnections,
      maxBodyMemory: test.maxBodyMemory,
      row,
      rows,
      counts: test.counts.memory,
      sharedRows: test.sharedRows,
      outputs: outputs.map(({ kind }) => kind),
      intervalMs: setting.intervalMs,
    };
    const script = setting.collector.source(test.totals);
    const generator = setting.collector.source(test.generatorTotals);
    const allPassed = (index: number): void => {
      script.passed(index);
      generator.passed(index);
    };
    return new WorkerLink(
      test,
      order,
      { ...setting, youngMiB },
      {
        recorded: (recorded) => {
          script.add(recorded.index, recorded.script);
          generator.add(recorded.index, recorded.generator);
          allPassed(recorded.passed);
        },
        samples: (chunk) => setting.samples?.write(chunk),
        ended: (ofThread) => {
          allPassed(Infinity);
          health.push(...ofThread);
        },
        lost: (fault) => {
          allPassed(Infinity);
          faults.push(fault);
          test.log.warning(fault);
        },
      },
    );
  });
  const dispose = async (): Promise<void> => {
    await Promise.all(links.map((link) => link.dispose()));
  };
  try {
    await Promise.all(links.map((link) => link.ready));
  } catch (thrown) {
    await dispose();
    throw thrown;
  }
  let ending = false;
  let playing = false;
  return {
    async play(setupJson) {
      if (ending) return;
      playing = true;
      // A monotonic clock shared by all threads; their performance.timeOrigin depends on the wall clock.
      const startedAtNs = process.hrtime.bigint() - BigInt(Math.round((performance.now() - test.startedAt) * 1e6));
      const aligned = test.planStartedAt !== undefined;
      for (const link of links) link.send({ is: 'start', setupJson, startedAtNs, aligned });
      await Promise.all(links.map((link) => link.ended));
    },
    close() {
      ending = true;
      for (const link of links) link.send({ is: 'close' });
    },
    interrupt() {
      ending = true;
      // Threads that were not started have nothing to stop, however long teardown takes.
      if (playing) for (const link of links) link.interrupt();
    },
    health: () => health,
    faults,
    dispose,
  };
}
