/** Over how long rules look, as Prometheus writes it. */
export interface RuleWindows {
  /** What is called "now": longer than four pushes or scrapes. */
  readonly recent: string;
  /** What is compared with what was before it, where it is about drift. */
  readonly hour: string;
}

/** The windows of the committed rule files. */
export const WINDOWS: RuleWindows = { recent: '5m', hour: '1h' };
