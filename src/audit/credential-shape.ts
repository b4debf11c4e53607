/** What a value looks like. Never the value, nor a part of it. */
export type CredentialShape =
  | 'AWS access key'
  | 'AWS secret key'
  | 'private key'
  | 'GitHub token'
  | 'GitLab token'
  | 'Slack token'
  | 'Slack webhook URL'
  | 'Stripe secret key'
  | 'SendGrid key'
  | 'Google API key'
  | 'npm token'
  | 'model provider API key'
  | 'JSON Web Token'
  | 'URL with a password'
  | 'password or secret';

/** Formats that the issuers publish: the value alone decides. */
const SHAPES: readonly (readonly [RegExp, CredentialShape])[] = [
  [/\b(AKIA|ASIA)[A-Z0-9]{16}\b/, 'AWS access key'],
  [/-----BEGIN [A-Z ]*PRIVATE KEY( BLOCK)?-----/, 'private key'],
  [/\bgh[pousr]_[A-Za-z0-9]{36,}\b/, 'GitHub token'],
  [/\bgithub_pat_[A-Za-z0-9_]{22,}\b/, 'GitHub token'],
  [/\bglpat-[A-Za-z0-9_-]{20,}/, 'GitLab token'],
  [/\bxox[abeoprs]-[A-Za-z0-9-]{10,}/, 'Slack token'],
  [/hooks\.slack\.com\/(services|workflows)\/[A-Za-z0-9/]{20,}/, 'Slack webhook URL'],
  [/\b[rs]k_(live|test)_[A-Za-z0-9]{16,}\b/, 'Stripe secret key'],
  [/\bSG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}/, 'SendGrid key'],
  [/\bAIza[A-Za-z0-9_-]{35}/, 'Google API key'],
  [/\bnpm_[A-Za-z0-9]{36}\b/, 'npm token'],
  [/\bsk-(ant-|proj-)?[A-Za-z0-9_-]{32,}/, 'model provider API key'],
  [/\beyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}/, 'JSON Web Token'],
  [/^[a-z][a-z0-9+.-]*:\/\/[^/\s:@]*:[^/\s:@]{3,}@/i, 'URL with a password'],
];

/** 40 characters of base64: a secret access key, if the variable's name says so. */
const AWS_SECRET = /^[A-Za-z0-9/+=]{40}$/;
const AWS_SECRET_NAME = /AWS.*SECRET|SECRET.*ACCESS.*KEY/i;

const SECRET_NAME =
  /(^|[_-])(PASSWORD|PASSWD|PASSPHRASE|PWD|SECRET|TOKEN|APIKEY|API_KEY|ACCESS_KEY|PRIVATE_KEY|CREDENTIALS?)($|[_-])/i;
/** Names that speak of where the secret is, or of something else than a secret. */
const REFERENCE_NAME =
  /(ARN|NAME|PATH|ID|URL|URI|REGION|TTL|EXPIRY|EXPIRATION|LENGTH|LIMIT|FILE|ENDPOINT|PARAMETER|PREFIX|HEADER|TYPE|VERSION|BUCKET|TABLE|QUEUE|TOPIC|ALG(ORITHM)?|ENABLED|REQUIRED)$/i;
/** Values that point to a secret kept elsewhere. */
const REFERENCE_VALUE =
  /^(arn:|\{\{resolve:|ssm:|secretsmanager:|vault:|kms:|\/[\w./-]+$|\$\{|<|https?:\/\/[^@]*$|s3:)/i;
const PLAIN_VALUE = /^(undefined|\d+)$/i;
const SECRET_LENGTH_MIN = 8;

/** Whether an environment variable holds a credential, by the shape of its value and by its name. Pure. */
export function credentialShape(variable: {
  readonly name: string;
  readonly value: string;
}): CredentialShape | null {
  const value = variable.value.trim();
  for (const [pattern, shape] of SHAPES) if (pattern.test(value)) return shape;
  if (AWS_SECRET.test(value) && AWS_SECRET_NAME.test(variable.name)) return 'AWS secret key';
  return looksNamedSecret(variable.name, value) ? 'password or secret' : null;
}

function looksNamedSecret(variableName: string, value: string): boolean {
  const name = variableName.replace(/([a-z\d])([A-Z])/g, '$1_$2');
  if (!SECRET_NAME.test(name) || REFERENCE_NAME.test(name)) return false;
  if (value.length < SECRET_LENGTH_MIN || /\s/.test(value)) return false;
  return !REFERENCE_VALUE.test(value) && !PLAIN_VALUE.test(value);
}
