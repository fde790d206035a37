import { note, openClient } from './flow/flow-client.ts';
import { scenario, test } from 'k6/execution';
import { setTimeout } from 'k6/timers';
import { OUTCOMES } from '../catalogue/outcomes.ts';
import type { Outcome } from '../catalogue/outcomes.ts';
import { spreadMs } from '../contract/draw.ts';
import type { InventoryUser } from '../contract/inventory.ts';
import { RUN_ID_SEPARATOR } from '../simulator/wire/admin-api.ts';
import { profileOf } from './client-profile.ts';
import type { Device } from './device/device.ts';
import { openDevice } from './device/drivers.ts';
import { codeVerifier } from './flow/client-authentication.ts';
import type { Ending } from './flow/ending.ts';
import { isDriversFault } from './flow/flow-run.ts';
import type { FlowRun } from './flow/flow-run.ts';
import type { FlowWatch } from './flow/flow-watch.ts';
import { journey } from './flow/journey.ts';
import { foundPath, offPathOf } from './flow/path.ts';
import { humanTime } from './think-time.ts';
import { sample } from './metrics.ts';
import { userOf } from './population/user-of.ts';
import type { RunData } from './preflight.ts';
import type { PlayedPlan } from './played-plan.ts';

/** The device side, created at the first flow. */
let device: Device | undefined;

/**
 * Plays one flow: the next user of the scenario's slice, one journey, one outcome. `users` and `payloads` exist once
 * per process; `watch` observes the flow.
 */
export const playFlow = async (
  plan: PlayedPlan,
  users: ArrayLike<InventoryUser>,
  payloads: ArrayLike<string>,
  data: RunData | undefined,
  watch?: FlowWatch,
): Promise<void> => {
  if (data === undefined) {
    test.abort("setup() was skipped (--no-setup or K6_NO_SETUP), but Pairstorm's scenarios need it; leave that out");
    return;
  }
  const { run } = data;
  const { name, iterationInTest } = scenario;
  // `--vus` and `--iterations` replace the script's scenarios by one named `default`, which starts at the first user.
  const offset = plan.offsets[name] ?? 0;
  const { index, again } = userOf(offset, iterationInTest, users.length);
  const turn = offset + iterationInTest;
  const refusal = whyNot(plan, turn, again);
  if (refusal !== undefined) {
    // A plan exceeds users or limits by at most one start at a phase's end; options that replace the plan may by more.
    if (!Object.hasOwn(plan.offsets, name)) test.abort(refusal);
    return;
  }
  const user = users[index]!;
  device ??= openDevice(plan.settings, plan.target, payloads);
  const state = `${run}${RUN_ID_SEPARATOR}${name}-${iterationInTest}`;
  const byKind = { kind: user.kind };
  watch?.began(user);
  sample('flows', 1, byKind);
  const cellMs = plan.cells?.[name];
  if (cellMs !== undefined) await spread(spreadMs(plan.settings.seed!, turn, cellMs));
  const { settings, target } = plan;
  const { flowPatienceMs } = settings;
  const profile = profileOf(settings, user.behaviour);
  const time = humanTime(settings.timeScale);
  const deadline = Date.now() + flowPatienceMs;
  const client = openClient({ settings, pf: target.pf, profile, time, deadline, key: user.username, watch });
  const resets = again && plan.resets;
  const flow: FlowRun = {
    // Fields listed one by one: setting them after a spread costs V8 six microseconds per flow.
    user,
    state,
    turn,
    client,
    profile,
    time,
    deadline,
    settings,
    device,
    verifier: settings.pkce ? codeVerifier(state) : undefined,
    mobilePayload: undefined,
    machineMsAtAuthenticate: 0,
    pairingReached: false,
    selections: 0,
    pushRetried: false,
    driverFailure: undefined,
    left: false,
    // Without a reset, the account no longer matches the inventory.
    open: user.expects === 'nothing' || (again && !resets),
    at: '',
    seen: [],
    factor: undefined,
    phoneTrouble: undefined,
    turnedFrom: undefined,
    turned: [],
  };
  const ended = resets ? await playAgain(flow) : await play(flow);
  const { outcome } = ended;
  const offPath = offPathOf(flow, outcome);
  const ending =
    offPath === undefined
      ? ended
      : { outcome, reason: `${ended.reason}; ${require('./flow-failure.ts').whereOff(offPath)}` };
  // A replayed user may have another device than the inventory says, but not none, so `bypassed` still counts.
  const letIn = outcome === 'bypassed' && user.expects !== 'nothing' && user.prescribed !== 'bypassed';
  // An app that hangs on the target's answer is not a user who left.
  const hung = outcome === 'abandoned' && !flow.left;
  const failed = hung || (flow.open ? letIn || isFault(outcome) : outcome !== user.prescribed || offPath !== undefined);
  watch?.ended(!failed, ending);
  sample('flow_outcomes', 1, { kind: user.kind, outcome });
  if (client.answered) sample('flow_duration', client.machineMs, byKind);
  sample('retry_amplification', client.sent / client.meant, {});
  if (client.storm !== undefined) {
    const { ms, ...tags } = client.storm;
    sample('storm_duration', ms, tags);
  }
  if (flow.open) sample('paths_found', 1, { found: foundPath(flow) });
  if (!flow.open || letIn) sample('outcome_mismatch', failed, byKind);
  if (offPath !== undefined) {
    sample('off_path', 1, {
      kind: user.kind,
      status: require('./flow/other-state.ts').statusTag(offPath.status),
      path: offPath.path,
    });
  }
  if (failed) require('./flow-failure.ts').report(plan, run, index, flow, ending, offPath);
};

/** Of drawn starts each waits its part of a cell (lib/poisson-arrivals.ts): real time, whatever TIME_SCALE is. */
const spread = (ms: number): Promise<void> => new Promise((resolve) => void setTimeout(resolve, ms));

/** Outcomes that are failures whatever was expected: those listed after `refused`. */
function isFault(outcome: Outcome): boolean {
  return OUTCOMES.indexOf(outcome) > OUTCOMES.indexOf('refused');
}

/** Why a turn is not played: its user was used, or it would exceed a limit on messages; undefined: it is played. */
function whyNot({ settings, limit }: PlayedPlan, turn: number, again: boolean): string | undefined {
  if (again && settings.usersExhausted === 'stop') {
    return 'each user has been used once (USERS_EXHAUSTED=stop); add users, or start fewer flows';
  }
  if (limit === null || turn < limit.turn) return undefined;
  return `the next flow could send more messages than ${limit.setting} allows; start fewer flows, or raise it if that is intended`;
}

/** Resets the account of a replayed user, untimed, and plays the flow; no flow if the reset fails. */
async function playAgain(flow: FlowRun): Promise<Ending> {
  const answer = await flow.device.reset(flow);
  if (answer.ok) return play(flow);
  note(flow.client, 'reset', answer.error);
  return { outcome: 'harness_error', reason: `the device driver could not reset the account: ${answer.error}` };
}

function play(flow: FlowRun): Promise<Ending> {
  return journey(flow).then(
    // If the driver failed, an unanswered push or an unpaired phone says nothing about people.
    (ending) =>
      isDriversFault(flow, ending.outcome)
        ? { outcome: 'harness_error', reason: `the device driver failed: ${flow.driverFailure}` }
        : ending,
    (error: unknown) => ({
      outcome: 'harness_error',
      reason: error instanceof Error ? error.message.slice(0, 200) : 'unknown',
    }),
  );
}
