/** A worker thread: creates its share of a run's VUs, plays its part of the scenarios, and sends what it recorded. */
import { SourceMap } from 'node:module';
import { performance } from 'node:perf_hooks';
import { parentPort, workerData } from 'node:worker_threads';
import { compileBundle } from '../bundle.ts';
import { configure } from '../configure.ts';
import { equalPartition } from '../executors/partition.ts';
import { watchHeap } from '../generator-health/heap-watch.ts';
import { proxyChoice } from '../http/proxy.ts';
import { LiveCounts } from '../live-counts.ts';
import { forwardSamples } from '../outputs/sample-forwarding.ts';
import type { SampleForwarding } from '../outputs/sample-forwarding.ts';
import { createRealm } from '../realm.ts';
import { scenariosHere } from '../scenarios-here.ts';
import { TestRun } from '../test-run.ts';
import { describeThrown } from '../thrown.ts';
import { watchRejections } from '../unhandled-rejections.ts';
import { incrementDrainer } from '../recording/increments.ts';
import { ticksOf } from '../recording/interval-ticks.ts';
import type { IntervalTicks } from '../recording/interval-ticks.ts';
import type { FromWorker, ToWorker, WorkerOrder } from './messages.ts';

type StartMessage = Extract<ToWorker, { is: 'start' }>;

/** Heartbeat interval: shows that the event loop runs. */
const HEARTBEAT_EVERY_MS = 100;

const port = parentPort!;
const order = workerData as WorkerOrder;
const post = (message: FromWorker): void => port.postMessage(message);

const place = {
  path: order.script.path,
  map: order.script.map === undefined ? undefined : new SourceMap(order.script.map),
};
const realm = createRealm();
const counts = new LiveCounts(order.row, order.rows, order.counts);
const log = {
  console: (level: 'debug' | 'info' | 'warn' | 'error', line: string): void => post({ is: 'console', level, line }),
  warning: (line: string, kind?: string): void => post({ is: 'warning', line, kind }),
};

try {
  const test = new TestRun(realm, compileBundle({ ...place, code: order.script.code }, realm), order.env, log, {
    partition: equalPartition(order.row, order.rows),
    counts,
    sharedRows: order.sharedRows,
    threads: order.rows,
  });
  test.onAbort = () => {
    if (test.abortReason !== undefined) post({ is: 'abort', reason: test.abortReason });
    else if (test.unsupportedCall !== undefined) post({ is: 'unsupported', line: test.unsupportedCall });
    else if (test.initFailure !== undefined) post({ is: 'init_failed', thrown: test.initFailure });
  };
  test.onFail = (reason) => post({ is: 'fail', reason });
  test.onFirstThrown = (line) => post({ is: 'thrown', line });
  test.sharedConnections = order.sharedConnections;
  test.maxBodyMemory = order.maxBodyMemory;
  if (order.proxies !== undefined) test.proxyOf = proxyChoice(order.proxies);
  // The main thread has already warned about the options.
  const { systemTags } = configure(test, () => undefined, order.layers);
  let forwarding: SampleForwarding | undefined;
  if (order.outputs.length > 0) {
    forwarding = forwardSamples(order.outputs, systemTags, (chunk) => post({ is: 'samples', chunk }));
    test.registry.subscribe(forwarding.tap);
  }
  play(test, forwarding);
} catch (thrown) {
  post({ is: 'unusable', thrown: describeThrown(thrown, place) });
  port.close();
}

function play(test: TestRun, forwarding: SampleForwarding | undefined): void {
  const host = scenariosHere(test);
  const takeScript = incrementDrainer(test.registry);
  const takeGenerator = incrementDrainer(test.generator);
  const report = (index: number, passed: number): void => {
    post({ is: 'recorded', index, passed, script: takeScript(), generator: takeGenerator() });
    forwarding?.flush();
  };
  let ticks: IntervalTicks | undefined;
  const reportNow = (): void => {
    const index = ticks?.open() ?? 0;
    report(index, index);
  };
  // If a bug of ours ends this thread, what was recorded must not be lost.
  process.once('uncaughtExceptionMonitor', reportNow);
  watchRejections(test);
  const stopLooking = watchHeap(`worker ${order.row + 1} of ${order.rows}`, log.warning);
  const heartbeat = setInterval(() => counts.add('heartbeat', 1), HEARTBEAT_EVERY_MS);
  port.on('message', (message: ToWorker) => {
    if (message.is === 'close') host.close();
    else if (message.is === 'interrupt') host.interrupt();
    else void start(message);
  });
  const start = async ({ setupJson, startedAtNs, aligned }: StartMessage): Promise<void> => {
    test.startedAt = performance.now() - Number(process.hrtime.bigint() - startedAtNs) / 1e6;
    if (aligned) test.planStartedAt = test.startedAt;
    ticks = ticksOf(test.startedAt, order.intervalMs, report);
    await host.play(setupJson);
    clearInterval(heartbeat);
    stopLooking();
    await host.dispose();
    // Not earlier, so that samples recorded while connections close get their own interval.
    ticks.stop();
    reportNow();
    post({ is: 'ended', health: host.health(), suppressed: test.suppressedWarnings() });
    port.close();
  };
  post({ is: 'ready' });
}
