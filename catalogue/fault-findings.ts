/** What can be found about the faults of a run: rows of FINDINGS (findings.ts). */
export const FAULT_FINDINGS = {
  hypothesis_failed: {
    exit: 'thresholds_failed',
    merged: 'anew',
    meaning:
      'a fault did more than its hypothesis allows: recovery, lost flows, retries, users stuck, or the time after',
    remedy: 'see the section on resilience: what broke, when it was over, what it cost (docs/resilience.md)',
  },
  no_experiment: {
    exit: 'thresholds_failed',
    merged: 'anew',
    meaning: 'the target was unhealthy before the first fault, so that the faults show nothing',
    remedy: 'make the target well first: a lower RATE, or what the run says of its steady part',
  },
  hypothesis_not_known: {
    exit: 'thresholds_failed',
    merged: 'anew',
    gate: true,
    meaning: 'what a fault did is not known well enough to decide its hypothesis (fails with --strict)',
    remedy: 'a higher RATE or longer parts, as the section on resilience says',
  },
  resilience_not_judged: {
    exit: 'thresholds_failed',
    merged: 'anew',
    gate: true,
    meaning: 'the effects of the faults could not be judged',
    remedy: 'see the message',
  },
} as const;
