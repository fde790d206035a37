/** Where the link of a panel leads: the alert of which docs/runbook.md has a section, by title of the panel. */
export const RUNBOOK_OF_PANEL: Readonly<Record<string, string>> = {
  Faults: 'PairstormErrorBudgetBurning',
  'Outcome mismatch, worst kind': 'PairstormOutcomesNotPrescribed',
  'Outcome mismatch by kind': 'PairstormOutcomesNotPrescribed',
  'Pairing errors': 'PairstormPairingErrors',
  'Unexpected pairing errors': 'PairstormPairingErrors',
  'Polls not answered': 'PairstormPollErrors',
  'Poll errors': 'PairstormPollErrors',
  'Decision lag, p99': 'PairstormDecisionLagDrift',
  'Decision lag, drift': 'PairstormDecisionLagDrift',
  'Drift of each step': 'PairstormStepDurationDrift',
  'Event-loop delay, p99': 'PairstormGeneratorUnhealthy',
  'Start lag, p99': 'PairstormGeneratorUnhealthy',
  'Growth of memory': 'PairstormGeneratorMemoryGrowing',
  'Dropped iterations': 'PairstormArrivalsDropped',
  'Planned, started, ended, dropped': 'PairstormRateNotReached',
  VUs: 'PairstormFlowsPilingUp',
  'Flows by outcome': 'PairstormRunStalled',
};

/** The variable of a dashboard that says where the pages of docs/ are. */
export const DOCS_VARIABLE = 'docs';

/** Address of an alert's section. */
export const runbookLink = (alert: string): string => `\${${DOCS_VARIABLE}}/runbook.md#${alert.toLowerCase()}`;
