import { DEFAULT_CONFIG } from '../../model/config.ts';
import { renderReport } from '../../report/render.ts';
import { liveView } from '../../web/view.ts';
import type { Io } from '../io.ts';
import { type OpenPage, openLivePage, untilInterrupted } from '../live-page.ts';
import { demoReport } from './demo-report.ts';
import { eventText } from './print.ts';
import { type DemoLook, runDemo } from './run-demo.ts';

/** A virtual minute in real time: two hours of story in about a minute and a half. */
const MINUTE_TAKES_MS = 700;

/** Plays the demo on the live page, then leaves it open until the person interrupts. */
export async function demoOnPage(io: Io, port: string): Promise<void> {
  let page: OpenPage | null = null;
  let last: DemoLook | null = null;
  const report = async (id: string): Promise<string | null> => {
    if (last === null) return null;
    const model = await demoReport(last.world, last.store, last.report.at);
    return model === null || model.incident.id !== id ? null : renderReport(model);
  };
  const onTick = async (look: DemoLook): Promise<void> => {
    last = look;
    const view = liveView({
      report: look.report,
      config: DEFAULT_CONFIG,
      kills: await look.store.kills(),
      note: 'A simulated account; a minute passes in less than a second.',
      readUsd: null,
    });
    if (page === null) page = await openLivePage(io, { port, first: view, report });
    else page.show(view);
  };
  const ended = () => io.signal.aborted;
  try {
    await runDemo({
      onEvent: (event) => io.stdout(eventText(event, io)),
      onTick,
      pause: () => io.sleep(MINUTE_TAKES_MS),
      isEnded: ended,
    });
    await untilInterrupted(io);
  } finally {
    await (page as OpenPage | null)?.server.close();
  }
}
