/**
 * The objective of a search whose levels take a few seconds and must hold. One second in which this machine stands still has
 * all the slowest requests, and the 95th percentile of them all is undecided; where four of five may be slow, no such
 * second decides.
 */
export const CALM_OBJECTIVE = ['--slo', 'p20(http_req_duration{peer:pf})<3000ms'] as const;
