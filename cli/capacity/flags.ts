import type { RunFlags } from '../set-up.ts';

/** Flags of `pairstorm capacity`. */
export interface CapacityFlags extends RunFlags {
  readonly slo?: string;
  readonly budget?: number;
  readonly precision?: number;
  readonly confidence?: number;
  readonly start?: number;
  readonly max?: number;
  readonly level?: number;
  readonly atLeast?: number;
  readonly seed?: number;
  readonly nodes?: number;
  readonly targetCores?: number;
  readonly with?: string;
  readonly next?: string;
  readonly allow429?: true;
  readonly resume?: string;
}
