/** `pairstorm doctor`: checks a target before any load, with a handful of requests and one flow; a line per check. */
import { randomBytes, sha256 } from 'k6/crypto';
import { SharedArray } from 'k6/data';
import { test } from 'k6/execution';
import { PROXY_VARIABLE } from '../../contract/command.ts';
import { CHECK_PREFIX } from './line.ts';
import type { Ending } from '../../lib/flow/ending.ts';
import { stepOfRequest } from '../../lib/flow/request-step.ts';
import { demandsOf } from '../../lib/population/demands.ts';
import type { Demands } from '../../lib/population/demands.ts';
import { readInventory } from '../../lib/population/inventory.ts';
import { checkOptions } from '../../lib/preflight.ts';
import { readPayloads } from '../../lib/read-file.ts';
import type { RunPlan } from '../../lib/run-plan.ts';
import { optionsOfOne, planOfOne, settingsOfTool } from '../../lib/single-flow.ts';
import type { Tool } from '../../lib/single-flow.ts';
import { checkHosts, targetOf } from '../../lib/target.ts';
import { playFlow } from '../../lib/virtual-user.ts';
import { RUN_ID_SEPARATOR } from '../../simulator/wire/admin-api.ts';
import { checksOf } from './checks.ts';
import { deviceFault } from './device-fault.ts';
import { findStatus } from './find-status.ts';
import type { CheckedExchange, Findings, Heartbeats } from './findings.ts';
import { readHeartbeats } from './heartbeats.ts';
import { choosePatient } from './patient.ts';
import type { Patient } from './patient.ts';
import { tryWithoutXsrf } from './without-xsrf.ts';

const NAME = 'doctor';

/** The planned load, compared with the target's rate limit. */
const KEPT = ['RATE'];

/** Everything prepared in init code, shared by all VUs. */
interface Visit {
  readonly run: RunPlan;
  readonly patient: Patient;
  readonly needs: Demands['needs'];
}

/** Data from setup(). */
interface FirstLook {
  readonly run: string;
  readonly heartbeats: Heartbeats;
  readonly deviceFault: string | null;
}

function plan(): Visit {
  const settings = settingsOfTool(__ENV, KEPT);
  const target = targetOf(settings);
  const inventory = readInventory(settings.inventory);
  const { users } = inventory;
  const patient = choosePatient(users, settings);
  return {
    // Only one user plays, in place of the whole inventory.
    run: { ...planOfOne(NAME, settings, target, inventory, patient.index), offsets: { [NAME]: 0 } },
    patient,
    needs: demandsOf(users, users.length, settings.limits).needs,
  };
}

async function playOnce(
  { run, patient }: Visit,
  runId: string,
): Promise<{ exchanges: CheckedExchange[]; ending: Ending | undefined }> {
  const exchanges: CheckedExchange[] = [];
  const endings: Ending[] = [];
  await playFlow(
    run,
    [patient.user],
    [],
    { run: runId },
    {
      began: () => undefined,
      asks: () => (res) => void exchanges.push({ step: stepOfRequest(res), res, at: Date.now() }),
      ended: (_asPrescribed, ending) => void endings.push(ending),
    },
  );
  return { exchanges, ending: endings[0] };
}

/** Collects all findings, with as few requests as possible. */
async function examine(visit: Visit, look: FirstLook): Promise<Findings> {
  const { run, patient } = visit;
  const { run: runId, ...seen } = look;
  const before = { ...seen, settings: run.settings, proxy: __ENV[PROXY_VARIABLE] ?? '', patient };
  if (look.heartbeats.status === 0) {
    return { ...before, withoutXsrf: null, exchanges: [], ending: undefined, elsewhere: undefined };
  }
  const withoutXsrf = await tryWithoutXsrf(run, patient.user, `${runId}${RUN_ID_SEPARATOR}xsrf`);
  const { exchanges, ending } = await playOnce(visit, runId);
  const elsewhere = ending?.outcome === 'unverified' ? await findStatus(run, exchanges) : undefined;
  return { ...before, withoutXsrf, exchanges, ending, elsewhere };
}

/** Builds the doctor script. Init code only. Throws a ConfigurationError. */
function prepareDoctor(): Tool<FirstLook> {
  const visit = new SharedArray<Visit>('doctor visit', () => [plan()])[0]!;
  const { run, needs } = visit;
  const { settings, target } = run;
  const payloads = new SharedArray<number>('mobile payloads', () => [
    settings.driver === 'file' ? readPayloads(settings.payloads).length : 0,
  ])[0]!;
  return {
    options: optionsOfOne(NAME, settings),
    setup: async () => {
      checkOptions(test.options);
      checkHosts([target.pf, target.device], test.options.hosts, settings.allowHosts);
      return {
        run: sha256(randomBytes(16), 'hex').slice(0, 12),
        heartbeats: await readHeartbeats(target.pf, settings),
        deviceFault: (await deviceFault(settings, target, needs, payloads)) ?? null,
      };
    },
    play: async (look) => {
      for (const check of checksOf(await examine(visit, look))) console.log(CHECK_PREFIX + JSON.stringify(check));
    },
    handleSummary: () => ({}),
  };
}

const doctor = prepareDoctor();

export const { options, setup, handleSummary } = doctor;
export default doctor.play;
