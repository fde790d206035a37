import type { Answer } from '../answer.ts';
import type { Call } from '../call.ts';
import type { Deployment } from '../deployment.ts';
import { FAULT_HEADER } from '../wire/admin-api.ts';
import type { FaultHits, FaultKind, FaultStep } from '../wire/faults.ts';
import { effectOf } from './effects.ts';
import { subjectOf } from './subject.ts';
import type { Subject } from './subject.ts';

/** Called for each faulty response. */
type OnFaulty = (kind: FaultKind, step: FaultStep) => void;

/**
 * Answers a request with the active faults applied: at most one applies, is named in the response, and is counted.
 * `isGone`: the client has disconnected meanwhile, so it cannot see the name.
 */
export async function applyFaults(
  deployment: Deployment,
  step: FaultStep,
  call: Call,
  serve: () => Promise<Answer>,
  onFaulty: OnFaulty,
  isGone: () => boolean,
): Promise<Answer> {
  let known: Subject | undefined;
  const subject = (): Subject => (known ??= subjectOf(deployment, step, call));
  const faulty = (name: string, kind: FaultKind, answer: Answer): Answer => {
    const how: keyof FaultHits = answer.cut === undefined && !isGone() ? 'named' : 'cut';
    deployment.counts.faulty(name, step, how);
    onFaulty(kind, step);
    return { ...answer, headers: { ...answer.headers, [FAULT_HEADER]: name } };
  };

  const active = deployment.faults.match(step, () => subject().user);
  if (active !== undefined && active.fault.kind !== 'forget-flows') {
    const { fault } = active;
    const applied = { yes: false };
    const markApplied = (): void => {
      applied.yes = true;
      active.use(subject().user);
    };
    const request = { fault, active, deployment, step, flowId: call.flowId, serve, markApplied };
    const answer = await effectOf(active.fault.kind)(request);
    if (applied.yes) return faulty(fault.name, fault.kind, answer);
    return answer;
  }

  // The subject is read before the request is carried out, which may itself end it.
  const { thing } = subject();
  const answer = await serve();
  if (thing === null) return answer;
  if (answer.httpStatus < 400) {
    if (step === 'decide') deployment.faults.recall(thing);
    return answer;
  }
  const by = deployment.faults.forgottenBy(thing, deployment.now());
  return by === undefined ? answer : faulty(by.fault, by.kind, answer);
}
