import type { CredentialShape } from '../../src/audit/credential-shape.ts';

interface Secret {
  readonly name: string;
  readonly value: string;
  readonly shape: CredentialShape;
}

/** Put together here, so that no scanner takes this file for a leak. None of them opens anything. */
const letters = (count: number) => 'aB3dE5gH7jK9mN2pQ4sT6vW8xY1z'.repeat(10).slice(0, count);
const capitals = (count: number) => 'ABCDEFGHJKLMNPQRSTUVWXYZ234567'.repeat(3).slice(0, count);

export const SECRETS: readonly Secret[] = [
  { name: 'KEY', value: `AKIA${capitals(16)}`, shape: 'AWS access key' },
  { name: 'CONFIG', value: `{"key":"ASIA${capitals(16)}"}`, shape: 'AWS access key' },
  { name: 'AWS_SECRET_ACCESS_KEY', value: letters(40), shape: 'AWS secret key' },
  {
    name: 'SIGNING',
    value: `-----BEGIN RSA ${'PRIVATE KEY'}-----\nMIIE${letters(40)}`,
    shape: 'private key',
  },
  { name: 'GH', value: `ghp_${letters(36)}`, shape: 'GitHub token' },
  { name: 'GH', value: `github_pat_${letters(40)}`, shape: 'GitHub token' },
  { name: 'GL', value: `glpat-${letters(20)}`, shape: 'GitLab token' },
  { name: 'BOT', value: `xoxb-${'1'.repeat(12)}-${letters(24)}`, shape: 'Slack token' },
  {
    name: 'HOOK',
    value: `https://hooks.slack.com/services/T${capitals(8)}/B${capitals(8)}/${letters(24)}`,
    shape: 'Slack webhook URL',
  },
  { name: 'PAY', value: `sk_live_${letters(24)}`, shape: 'Stripe secret key' },
  { name: 'MAIL', value: `SG.${letters(22)}.${letters(43)}`, shape: 'SendGrid key' },
  { name: 'MAPS', value: `AIza${letters(35)}`, shape: 'Google API key' },
  { name: 'REGISTRY', value: `npm_${letters(36)}`, shape: 'npm token' },
  { name: 'MODEL', value: `sk-proj-${letters(48)}`, shape: 'model provider API key' },
  { name: 'BEARER', value: `eyJ${letters(20)}.eyJ${letters(30)}.${letters(40)}`, shape: 'JSON Web Token' },
  {
    name: 'DATABASE_URL',
    value: `postgres://app:${letters(12)}@db.example.com/orders`,
    shape: 'URL with a password',
  },
  { name: 'DB_PASSWORD', value: letters(14), shape: 'password or secret' },
  { name: 'dbPassword', value: letters(14), shape: 'password or secret' },
  { name: 'STRIPE_API_KEY', value: letters(14), shape: 'password or secret' },
  { name: 'SESSION_SECRET', value: letters(20), shape: 'password or secret' },
];
