import { describe, expect, it } from 'vitest';
import { LevelCollector } from '../../../analysis/capacity/level-counts.ts';

describe('a level in which no request was answered', () => {
  it('has no latencies, rather than 0 ms or a figure that answer.json cannot hold', () => {
    const collector = new LevelCollector([]);
    expect(collector.medianMs(0, 5)).toBeNull();
    expect(collector.figures(0, 5)).toMatchObject({ p50Ms: null, p95Ms: null, flowSeconds: null });
  });
});
