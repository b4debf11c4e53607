/** When a managed runtime is no longer patched, and when it can no longer be updated. Days, ISO; `null`: not scheduled. */
export interface RuntimeDates {
  readonly deprecatedOn: string;
  readonly updateBlockedOn: string | null;
}

/**
 * Deprecation of Lambda's managed runtimes (AWS Lambda developer guide, "Lambda runtimes", as of autumn 2026).
 * Identifiers that are not listed are not scheduled, or newer than this table.
 */
export const RUNTIME_DATES: ReadonlyMap<string, RuntimeDates> = new Map(
  (
    [
      ['nodejs24.x', '2028-04-30', '2028-07-01'],
      ['nodejs22.x', '2027-04-30', '2027-07-01'],
      ['nodejs20.x', '2026-04-30', '2027-03-03'],
      ['nodejs18.x', '2025-09-01', '2027-03-03'],
      ['nodejs16.x', '2024-06-12', '2027-03-03'],
      ['nodejs14.x', '2023-12-04', '2027-03-03'],
      ['nodejs12.x', '2023-03-31', '2023-04-30'],
      ['nodejs10.x', '2021-07-30', '2022-02-14'],
      ['nodejs8.10', '2020-03-06', '2020-03-06'],
      ['nodejs6.10', '2019-08-12', '2019-08-12'],
      ['nodejs4.3', '2020-03-05', '2020-03-05'],
      ['nodejs', '2016-08-30', '2016-10-31'],
      ['python3.14', '2029-06-30', '2029-08-31'],
      ['python3.13', '2029-06-30', '2029-08-31'],
      ['python3.12', '2028-10-31', '2029-01-10'],
      ['python3.11', '2027-06-30', '2027-08-31'],
      ['python3.10', '2026-10-31', '2027-03-03'],
      ['python3.9', '2025-12-15', '2027-03-03'],
      ['python3.8', '2024-10-14', '2027-03-03'],
      ['python3.7', '2023-12-04', '2027-03-03'],
      ['python3.6', '2022-07-18', '2022-08-29'],
      ['python2.7', '2021-07-15', '2022-05-30'],
      ['java25', '2029-06-30', '2029-08-31'],
      ['java21', '2029-06-30', '2029-08-31'],
      ['java17', '2027-06-30', '2027-08-31'],
      ['java11', '2027-06-30', '2027-08-31'],
      ['java8.al2', '2027-06-30', '2027-08-31'],
      ['java8', '2024-01-08', '2027-03-03'],
      ['dotnet10', '2028-11-14', '2029-01-15'],
      ['dotnet9', '2026-11-10', null],
      ['dotnet8', '2026-11-10', '2027-03-03'],
      ['dotnet7', '2024-05-14', null],
      ['dotnet6', '2024-12-20', '2027-03-03'],
      ['dotnet5.0', '2022-05-10', null],
      ['dotnetcore3.1', '2023-04-03', '2023-05-03'],
      ['dotnetcore2.1', '2022-01-05', '2022-04-13'],
      ['dotnetcore2.0', '2019-05-30', '2019-05-30'],
      ['dotnetcore1.0', '2019-06-27', '2019-07-30'],
      ['ruby4.0', '2029-03-31', '2029-05-31'],
      ['ruby3.4', '2028-03-31', '2028-05-31'],
      ['ruby3.3', '2027-03-31', '2027-05-31'],
      ['ruby3.2', '2026-03-31', '2027-03-03'],
      ['ruby2.7', '2023-12-07', '2027-03-03'],
      ['ruby2.5', '2021-07-30', '2022-03-31'],
      ['go1.x', '2024-01-08', '2027-03-03'],
      ['provided.al2023', '2029-06-30', '2029-08-31'],
      ['provided.al2', '2026-07-31', '2027-03-03'],
      ['provided', '2024-01-08', '2027-03-03'],
    ] as const
  ).map(([runtime, deprecatedOn, updateBlockedOn]) => [runtime, { deprecatedOn, updateBlockedOn }]),
);

/** What to move to, by the start of the identifier. */
const SUCCESSORS: readonly (readonly [string, string])[] = [
  ['nodejs', 'nodejs24.x'],
  ['python', 'python3.14'],
  ['java', 'java25'],
  ['dotnet', 'dotnet10'],
  ['ruby', 'ruby3.4'],
  ['go', 'provided.al2023'],
  ['provided', 'provided.al2023'],
];

/** The supported runtime of the same language that is patched longest. */
export function successorOf(runtime: string): string {
  return SUCCESSORS.find(([start]) => runtime.startsWith(start))?.[1] ?? 'a supported runtime';
}
