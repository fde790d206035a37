import { scenario } from 'k6/execution';
import { RUN_ID_SEPARATOR } from '../contract/admin-api.ts';
import type { FailureRecord } from '../contract/failure-line.ts';
import type { InventoryUser } from '../contract/inventory.ts';
import { phone } from './device/phone.ts';
import { FlowClient } from './flow/client.ts';
import { failureLine } from './flow/failure-report.ts';
import type { Ending, FlowRun } from './flow/flow-run.ts';
import { journey } from './flow/journey.ts';
import { codeVerifier } from './flow/pkce.ts';
import { humanTime } from './human-time.ts';
import { sample } from './metrics.ts';
import { userOf } from './population/user-of.ts';
import type { RunPlan } from './run-plan.ts';

/** What `setup` hands to the virtual users. */
export interface RunData {
  /** Unique for the run; first part of each flow's `state`. */
  readonly run: string;
}

/** Plays one flow: the next user of the scenario's slice, one journey, one outcome. `users`: kept once per process. */
export const playFlow = async (plan: RunPlan, users: ArrayLike<InventoryUser>, { run }: RunData): Promise<void> => {
  const { name, iterationInTest } = scenario;
  // `--vus` and `--iterations` replace the script's scenarios by one named `default`, which begins at the first user.
  const { index, again } = userOf(plan.offsets[name] ?? 0, iterationInTest, users.length);
  const user = users[index]!;
  if (again) await reset(plan.target.phone, user);
  const byKind = { kind: user.kind };
  sample('flows', 1, byKind);
  const client = new FlowClient(plan.settings, plan.target.pf);
  const ending = await play(plan, user, client, `${run}${RUN_ID_SEPARATOR}${name}-${iterationInTest}`);
  const { outcome } = ending;
  sample('flow_outcomes', 1, { kind: user.kind, outcome });
  sample('flow_duration', client.machineMs, byKind);
  sample('outcome_mismatch', outcome !== user.prescribed, byKind);
  if (outcome !== user.prescribed) report(run, index, user, ending, client);
};

/** A user who was played before gets the account back that the inventory describes; untimed. */
async function reset(phoneUrl: string, user: InventoryUser): Promise<void> {
  const answer = await phone.reset(phoneUrl, { username: user.username });
  if (!answer.ok) console.warn(`a user could not be reset: ${answer.error}`);
}

async function play(
  { settings, target }: RunPlan,
  user: InventoryUser,
  client: FlowClient,
  state: string,
): Promise<Ending> {
  const flow: FlowRun = {
    user,
    client,
    settings,
    phoneUrl: target.phone,
    time: humanTime(settings.timeScale),
    state,
    verifier: settings.clientSecret === '' ? codeVerifier(state) : undefined,
    machineMsAtAuthenticate: 0,
    pairingReached: false,
    selections: 0,
    pushRetried: false,
    left: false,
  };
  try {
    return await journey(flow);
  } catch (error) {
    return { outcome: 'harness_error', reason: error instanceof Error ? error.message.slice(0, 200) : 'unknown' };
  }
}

function report(run: string, index: number, user: InventoryUser, ending: Ending, client: FlowClient): void {
  const record: FailureRecord = {
    run,
    user: index,
    kind: user.kind,
    prescribed: user.prescribed,
    ...ending,
    steps: client.steps,
  };
  console.warn(failureLine(record));
}
