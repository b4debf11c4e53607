interface Repeatable {
  readonly profile?: string | undefined;
  readonly region?: string | undefined;
  readonly endpointUrl?: string | undefined;
  readonly store?: string | undefined;
}

/** The options that say where, as they have to be given again for a command about the same function. */
export function repeatOptions({ profile, region, endpointUrl, store }: Repeatable): string {
  const given = { profile, region, 'endpoint-url': endpointUrl, store };
  return Object.entries(given)
    .map(([name, value]) => (value === undefined ? '' : ` --${name} ${quoted(value)}`))
    .join('');
}

/** For a POSIX shell. */
export function quoted(value: string): string {
  return /^[A-Za-z0-9_@%+=:,./-]+$/.test(value) ? value : `'${value.replaceAll("'", "'\\''")}'`;
}
