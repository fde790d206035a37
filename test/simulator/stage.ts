import type { SimulatorSettings } from '../../simulator/settings.ts';
import { startSimulator } from '../../simulator/simulator.ts';
import type { RunningSimulator } from '../../simulator/simulator.ts';
import { PEOPLE } from './people.ts';
import { Player } from './player.ts';

/** A simulator on a free port, without latency, whose clock stands until a test moves it. */
export interface Stage extends RunningSimulator {
  /** Lets so many milliseconds pass. */
  pass(ms: number): void;
  now(): number;
  player(): Player;
}

/** Starts one; whoever starts it closes it. */
export async function stage(settings: Partial<SimulatorSettings> = {}, inventory = PEOPLE): Promise<Stage> {
  let clock = Date.now();
  const now = (): number => clock;
  const simulator = await startSimulator({
    port: 0,
    latency: 'off',
    workers: 0,
    ...settings,
    inventory,
    now,
  });
  return {
    ...simulator,
    now,
    pass: (ms) => {
      clock += ms;
    },
    player: () => new Player(simulator.url),
  };
}

/** Gives a test a simulator of its own with these settings, and closes it. */
export async function on(
  settings: Partial<SimulatorSettings>,
  test: (simulator: Stage) => Promise<void>,
  inventory = PEOPLE,
): Promise<void> {
  const simulator = await stage(settings, inventory);
  try {
    await test(simulator);
  } finally {
    await simulator.close();
  }
}
