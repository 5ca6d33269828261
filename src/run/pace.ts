import type { Engine } from '../engine/engine.js';
import type { RunEvent } from '../model/events.js';

/** How often the pace is told, in milliseconds. */
const PACE_EVERY = 500;

/** Tells the pace of an engine that has one, if it is time to. */
export function paceTeller(engine: Engine, onEvent: (event: RunEvent) => void, usd: () => number | null): () => void {
  let toldAt = -Infinity;
  return () => {
    const { pace } = engine;
    if (pace === undefined || performance.now() - toldAt < PACE_EVERY) return;
    toldAt = performance.now();
    onEvent({ type: 'paced', ...pace, usd: usd() });
  };
}
