/** What to do about a class of failure, the first that matches. */
const HINTS: readonly (readonly [RegExp, string])[] = [
  [
    /^slack-(no_service|no_team|invalid_token|no_active_hooks|team_disabled)$/,
    'the webhook was removed: create a new one',
  ],
  [
    /^slack-(channel_not_found|channel_is_archived)$/,
    'the channel is gone: create a webhook for another one',
  ],
  [
    /^slack-(action_prohibited|posting_to_general_channel_denied)$/,
    'the workspace does not let this webhook post there',
  ],
  [
    /^slack-(user_not_found|messages_tab_disabled)$/,
    'the webhook posts to a person who cannot get it: choose a channel',
  ],
  [/^slack-(invalid_|no_text|too_many|missing_text)/, 'Slack does not take the message: please report it'],
  [/^slack-(network|timeout)$/, 'hooks.slack.com cannot be reached from here'],
  [/-(E[A-Z]{4,}|EAI_AGAIN|TimeoutError)$/, 'AWS cannot be reached from here'],
  [/^slack-rate-limited$/, 'Slack takes about one message a second: try again'],
  [/^slack-webhook-unusable$/, 'the secret holds no Slack webhook URL'],
  [/^slack-secret-/, 'the secret cannot be read: allow secretsmanager:GetSecretValue on it'],
  [/-(NotFound|NotFoundException)$/, 'the topic does not exist in that account and region'],
  [/KMS/, 'the topic is encrypted: allow kms:GenerateDataKey and kms:Decrypt on its key'],
  [/^sns-.*(Authorization|AccessDenied)/, 'allow sns:Publish on the topic'],
  [/(Credentials|Token)/, 'no usable credentials: log in, or choose another --profile'],
  [/^sns-(no-subscriber)$/, 'nobody has confirmed a subscription to the topic: alerts go nowhere'],
];

/** In a few words; empty where the class says it all. */
export function failureHint(failure: string): string {
  return HINTS.find(([pattern]) => pattern.test(failure))?.[1] ?? '';
}
