/** From which value on rules call it an alert. Those of errors are the thresholds of the scenarios (docs/settings.md). */
export const LIMITS = {
  /** Share of polls, of pairings, of flows: MAX_ERROR_RATE. */
  errorShare: 0.01,
  /** Last hour over all that was before it. */
  drift: 1.5,
  /** p99 of the generator's lateness, in seconds: that from which a run is invalid (docs/engine.md, "Accounts"). */
  generatorLateS: 0.5,
  /** Growth of memory in an hour, as a share of what it is. */
  memoryGrowth: 0.1,
  /** Share of the starts that have not ended meanwhile. */
  pilingUp: 0.1,
  /** Share of the planned starts that were made. */
  rateReached: 0.95,
} as const;
