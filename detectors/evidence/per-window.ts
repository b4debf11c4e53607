import type { Baselines } from '../../src/model/baseline.ts';
import type { Window } from '../../src/model/window.ts';

/** What several detectors ask of the same window is worked out once. It must depend on nothing else. */
export function perWindow<T>(
  compute: (window: Window, baselines: Baselines) => T,
): (window: Window, baselines: Baselines) => T {
  const known = new WeakMap<Window, { readonly baselines: Baselines; readonly value: T }>();
  return (window, baselines) => {
    const last = known.get(window);
    if (last !== undefined && last.baselines === baselines) return last.value;
    const value = compute(window, baselines);
    known.set(window, { baselines, value });
    return value;
  };
}
