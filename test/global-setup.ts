import { rmSync } from 'node:fs';
import { temporaryFolder } from './temporary-folder.ts';

/**
 * Gives the run a temporary folder of its own, which is removed with everything in it: what tests make, and what libraries make
 * for them, as the CDK does for each app.
 */
export function setup(): () => void {
  const before = process.env['TMPDIR'];
  const folder = temporaryFolder('tests');
  process.env['TMPDIR'] = folder;
  return () => {
    if (before === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = before;
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  };
}
