import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** An empty folder. It goes with the run: see global-setup.ts. */
export function temporaryFolder(name: string): string {
  return mkdtempSync(join(tmpdir(), `firebreak-${name}-`));
}
