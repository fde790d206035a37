import type { Answer } from '../answer.ts';
import type { Call } from '../call.ts';
import type { Deployment } from '../deployment.ts';
import { FAULT_HEADER } from '../wire/admin-api.ts';
import type { FaultHits, FaultKind, FaultStep } from '../wire/faults.ts';
import { effectOf } from './effects.ts';
import { subjectOf } from './subject.ts';
import type { Subject } from './subject.ts';

/** Told of each faulty answer. */
export type OnFaulty = (kind: FaultKind, step: FaultStep) => void;

/**
 * Answers a request through the faults that stand: at most one hits it, names itself in the answer and is counted.
 * `isGone` says whether the client has hung up meanwhile, so that it cannot see the name.
 */
export async function suffer(
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

  const standing = deployment.faults.strike(step, () => subject().user);
  if (standing !== undefined && standing.fault.kind !== 'forget-flows') {
    const { fault } = standing;
    const struck = { hit: false };
    const hit = (): void => {
      struck.hit = true;
      standing.use(subject().user);
    };
    const stricken = { fault, standing, deployment, step, flowId: call.flowId, serve, hit };
    const answer = await effectOf(standing.fault.kind)(stricken);
    if (struck.hit) return faulty(fault.name, fault.kind, answer);
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
