import { type Config, DEFAULT_CONFIG } from '../../model/config.ts';
import { parseConfig } from '../../model/config-problems.ts';
import { InputError, RefusedError } from '../../model/errors.ts';
import { quoted } from '../repeat-options.ts';
import type { Questions } from './questions.ts';

/** What `init` has to know; all of it has an answer that works. */
export interface Answers {
  readonly pageUsd: number;
  readonly slackSecretArn: string | null;
  readonly snsTopicArn: string | null;
  readonly killMode: Config['kill']['mode'];
  /** Functions that are never stopped. */
  readonly protect: readonly string[];
  /** Who gets the deployed stack's alerts by mail; not part of the configuration. */
  readonly alertEmails: readonly string[];
}

export const DEFAULT_ANSWERS: Answers = {
  pageUsd: DEFAULT_CONFIG.pageUsd,
  slackSecretArn: null,
  snsTopicArn: null,
  killMode: DEFAULT_CONFIG.kill.mode,
  protect: [],
  alertEmails: [],
};

/**
 * Asks, with what is `known` as the first suggestion.
 * @throws {RefusedError} when the person gives up.
 */
export async function askAnswers(questions: Questions, known: Answers): Promise<Answers> {
  const pageUsd = answered(
    await questions.text({
      message: 'Wake somebody when a runaway would waste how many dollars in the next 24 hours?',
      initial: String(known.pageUsd),
      problem: (text) => problemOf({ ...known, pageUsd: numberOf(text) }),
    }),
  );
  const channels = await askChannels(questions, known);
  const killMode = answered(
    await questions.choose({
      message: 'May firebreak stop functions by itself?',
      initial: known.killMode,
      choices: [
        { value: 'off', label: 'no', hint: 'alerts name the command; the stack can change nothing' },
        { value: 'observe', label: 'say what it would do', hint: 'the stack can change nothing' },
        { value: 'approve', label: 'when a person asks the deployed function to' },
        { value: 'auto', label: 'yes, what carries the opt-in tag', hint: 'within guardrails' },
      ],
    }),
  );
  const protect =
    killMode === 'off'
      ? known.protect
      : listOf(
          answered(
            await questions.text({
              message: 'Functions that must never be stopped? (names, separated by commas; or nothing)',
              initial: known.protect.join(', '),
              problem: (text) => problemOf({ ...known, protect: listOf(text) }),
            }),
          ),
        );
  const alertEmails = answered(
    await questions.text({
      message: 'Mail addresses for alerts of the deployed stack? (separated by commas; or nothing)',
      initial: known.alertEmails.join(', '),
      problem: (text) =>
        listOf(text).every((address) => /^[^\s@]+@[^\s@]+$/.test(address)) ? undefined : 'no mail address',
    }),
  );
  return {
    ...known,
    ...channels,
    pageUsd: numberOf(pageUsd),
    killMode,
    protect,
    alertEmails: listOf(alertEmails),
  };
}

async function askChannels(
  questions: Questions,
  known: Answers,
): Promise<Pick<Answers, 'slackSecretArn' | 'snsTopicArn'>> {
  const before = known.snsTopicArn === null ? 'environment' : 'sns';
  const channel = answered(
    await questions.choose({
      message: 'Where do alerts go?',
      initial: known.slackSecretArn === null ? before : 'secret',
      choices: [
        {
          value: 'environment',
          label: `Slack, webhook in ${DEFAULT_CONFIG.notify.slackWebhookEnv}`,
          hint: 'a deployed stack needs a secret',
        },
        { value: 'secret', label: 'Slack, webhook in a secret of Secrets Manager' },
        { value: 'sns', label: 'an SNS topic' },
        { value: 'terminal', label: 'only this terminal, for now' },
      ],
    }),
  );
  const none = { slackSecretArn: null, snsTopicArn: null };
  if (channel === 'secret') {
    const slackSecretArn = await askArn(questions, {
      message: 'ARN of the secret?',
      initial: known.slackSecretArn,
      problem: (text) => problemOf({ ...known, slackSecretArn: text }),
    });
    return { ...none, slackSecretArn };
  }
  if (channel !== 'sns') return none;
  const snsTopicArn = await askArn(questions, {
    message: 'ARN of the topic?',
    initial: known.snsTopicArn,
    problem: (text) => problemOf({ ...known, snsTopicArn: text }),
  });
  return { ...none, snsTopicArn };
}

async function askArn(
  questions: Questions,
  question: {
    readonly message: string;
    readonly initial: string | null;
    readonly problem: (text: string) => string | undefined;
  },
): Promise<string> {
  const problem = (text: string) => question.problem(text.trim());
  return answered(
    await questions.text({ message: question.message, initial: question.initial ?? '', problem }),
  ).trim();
}

/** @throws {RefusedError} when the person gave up. */
export function answered<Answer>(answer: Answer | null): Answer {
  if (answer === null) throw new RefusedError('init: interrupted; nothing was written');
  return answer;
}

function numberOf(text: string): number {
  return text.trim() === '' ? Number.NaN : Number(text);
}

export function listOf(text: string): readonly string[] {
  return text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

function problemOf(answers: Answers): string | undefined {
  const result = parseConfig(settingsOf(answers));
  return result.ok ? undefined : result.problems[0];
}

/** The content of a configuration file: what differs from the defaults, and the one figure that everybody asks about. */
export function settingsOf(answers: Answers): object {
  const { pageUsd, slackSecretArn, snsTopicArn, killMode, protect } = answers;
  const notify = {
    ...(slackSecretArn === null ? {} : { slackWebhookSecretArn: slackSecretArn }),
    ...(snsTopicArn === null ? {} : { snsTopicArn }),
  };
  const kill = {
    ...(killMode === DEFAULT_CONFIG.kill.mode ? {} : { mode: killMode }),
    ...(protect.length === 0 ? {} : { protect }),
  };
  return {
    pageUsd,
    ...(Object.keys(kill).length === 0 ? {} : { kill }),
    ...(Object.keys(notify).length === 0 ? {} : { notify }),
  };
}

/** @throws {InputError} naming the setting that is not usable. */
export function checkAnswers(answers: Answers): void {
  const problem = problemOf(answers);
  if (problem !== undefined) throw new InputError(`init: ${problem}`);
}

/** The command that deploys it so from a copy of the repository. */
export function deployCommand(
  answers: Answers,
  where: { readonly region: string | undefined; readonly profile: string | undefined },
): string {
  const { pageUsd, slackSecretArn, killMode, protect, alertEmails } = answers;
  const context = {
    alertEmails: alertEmails.join(','),
    slackSecretArn: slackSecretArn ?? '',
    pageUsd: pageUsd === DEFAULT_CONFIG.pageUsd ? '' : String(pageUsd),
    killMode: killMode === DEFAULT_CONFIG.kill.mode ? '' : killMode,
    protect: killMode === DEFAULT_CONFIG.kill.mode ? '' : protect.join(','),
  };
  const flags = Object.entries(context).flatMap(([key, value]) =>
    value === '' ? [] : ` -c ${quoted(`${key}=${value}`)}`,
  );
  const region = where.region === undefined ? '' : `AWS_REGION=${where.region} `;
  const profile = where.profile === undefined ? '' : ` --profile ${quoted(where.profile)}`;
  return `${region}npx cdk deploy${profile}${flags.join('')}`;
}
