import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { credentialShape } from '../../src/audit/credential-shape.ts';
import { SECRETS } from './secrets.ts';

describe('credentialShape', () => {
  it.each(SECRETS)('recognises $shape in $name', ({ name, value, shape }) => {
    expect(credentialShape({ name, value })).toBe(shape);
  });

  it.each([
    ['TABLE_NAME', 'orders'],
    ['DB_PASSWORD_SECRET_ARN', 'arn:aws:secretsmanager:eu-west-1:111111111111:secret:db'],
    ['API_TOKEN', '{{resolve:secretsmanager:token}}'],
    ['SECRET_NAME', 'prod/orders/database'],
    ['TOKEN_PARAMETER', '/prod/orders/token'],
    ['TOKEN', '/prod/orders/token'],
    ['TOKEN_URL', 'https://login.example.com/oauth2/token'],
    ['MAX_TOKENS', '4096'],
    ['TOKEN_TTL', '86400000'],
    ['PASSWORD_MIN_LENGTH', '12345678'],
    ['DATABASE_URL', 'postgres://db.example.com:5432/orders'],
    ['QUEUE_URL', 'https://sqs.eu-west-1.amazonaws.com/111111111111/orders'],
    ['COMMIT', '0123456789abcdef0123456789abcdef01234567'],
    ['DB_PASSWORD', ''],
    ['CSRF_TOKEN_HEADER', 'x-csrf-token-value'],
    ['LOG_LEVEL', 'DEBUG'],
  ])('sees none in %s=%s', (name, value) => {
    expect(credentialShape({ name, value })).toBeNull();
  });

  it('answers for any text, quickly and without the text', () => {
    fc.assert(
      fc.property(
        fc.string({ maxLength: 4096 }),
        fc.string({ minLength: 3, maxLength: 4096 }),
        (name, value) => {
          const shape = credentialShape({ name, value });
          expect(shape === null || !shape.includes(value) || value.length < 8).toBe(true);
        },
      ),
    );
  });
});
