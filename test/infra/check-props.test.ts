import { describe, expect, it } from 'vitest';
import type { FirebreakProps, KillSwitchProps } from '../../infra/props.ts';
import { settingsOf } from '../../infra/settings.ts';
import { CONFIG_BYTES_MAX } from '../../src/handlers/variables.ts';
import { configJsonSchema } from '../../src/model/config-problems.ts';
import { InputError } from '../../src/model/errors.ts';
import { synthesize } from './synth.ts';

const kill = (props: object): FirebreakProps => ({
  killSwitch: { mode: 'auto', ...props } as KillSwitchProps,
});

describe('props that cannot work fail the synthesis, naming field, range and value', () => {
  it.each([
    [{ pageUsd: -1 }, 'Firebreak.pageUsd must be a number at least 0, got -1'],
    [{ pageUsd: Number.NaN }, 'Firebreak.pageUsd must be a number at least 0, got NaN'],
    [
      { tickMemoryMB: 128 },
      'Firebreak.tickMemoryMB must be a whole number at least 256, at most 10240, got 128',
    ],
    [{ tickMemoryMB: 512.5 }, 'whole number'],
    [
      { budget: { byTag: { team: { payments: 0 } } } },
      "Firebreak.budget.byTag['team']['payments'] must be a number above 0, got 0",
    ],
    [
      { downstreamUsdPerInvocation: { orders: -0.1 } },
      "Firebreak.downstreamUsdPerInvocation['orders'] must be a number at least 0, got -0.1",
    ],
    [{ pricing: { savingsPlanDiscount: 1 } }, 'Firebreak.pricing.savingsPlanDiscount must be'],
    [{ pricing: { monthToDateGbSeconds: -1 } }, 'Firebreak.pricing.monthToDateGbSeconds must be'],
    [{ alertEmails: ['nobody'] }, 'Firebreak.alertEmails[0] must be an e-mail address, got "nobody"'],
    [{ healthEmails: ['a@example.com', ''] }, 'Firebreak.healthEmails[1] must be'],
    [kill({ mode: 'maybe' }), 'Firebreak.killSwitch.mode must be one of observe, approve, auto, got "maybe"'],
    [kill({ optInTag: 'aws:kill' }), 'does not start with aws:, got "aws:kill"'],
    [kill({ optInValue: '' }), 'Firebreak.killSwitch.optInValue must be a tag value'],
    [kill({ protect: ['ok', 'not a name'] }), 'Firebreak.killSwitch.protect[1] must be a function name'],
    [kill({ maximumPerHour: 0 }), 'Firebreak.killSwitch.maximumPerHour must be a whole number at least 1'],
    [
      kill({ maximumFleetShare: 0 }),
      'Firebreak.killSwitch.maximumFleetShare must be a number above 0, at most 1',
    ],
    [kill({ minimumWastedUsd: -1 }), 'Firebreak.killSwitch.minimumWastedUsd must be'],
    [kill({ cooldownMinutes: -5 }), 'Firebreak.killSwitch.cooldownMinutes must be'],
  ] as const)('%j', (props, message) => {
    const act = () => synthesize(props as FirebreakProps);
    expect(act).toThrow(InputError);
    expect(act).toThrow(message);
  });

  it('settings that do not fit a function say where they should be instead', () => {
    const many = Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`a-function-${i}`, 0.001]));
    expect(() => synthesize({ downstreamUsdPerInvocation: many })).toThrow(
      new RegExp(`at most ${CONFIG_BYTES_MAX} fit: put downstream dollars on the functions as the tag`),
    );
  });
});

describe('settingsOf', () => {
  it('hands on nothing that was not given, so that defaults stay in one place', () => {
    expect(settingsOf({})).toEqual({});
    expect(settingsOf({ killSwitch: { mode: 'auto', maximumPerHour: 1 } })).toEqual({
      kill: { mode: 'auto', maximumPerHour: 1 },
    });
  });

  it('every setting there is can be given as a prop', () => {
    const everything = settingsOf({
      pageUsd: 2,
      monitorBudgetUsd: 3,
      downstreamUsdPerInvocation: { orders: 0.1 },
      pricing: { monthToDateGbSeconds: 1, savingsPlanDiscount: 0.1, freeTier: true },
      budget: { monthlyUsd: 300, byTag: { team: { shop: 9 } }, byFunction: { orders: 9 } },
      killSwitch: {
        mode: 'auto',
        optInTag: 'a',
        optInValue: 'b',
        protect: ['c'],
        maximumPerHour: 1,
        maximumFleetShare: 0.5,
        minimumWastedUsd: 1,
        cooldownMinutes: 1,
        mayLoseEvents: true,
        canary: true,
        maximumCanaries: 1,
        freeze: true,
      },
    }) as Record<string, Record<string, unknown>>;
    const { properties } = configJsonSchema() as {
      readonly properties: Record<string, { properties?: object }>;
    };
    const given = (section: string) => Object.keys(everything[section] ?? {}).sort();
    // Where alerts go is wired by the stack; the tag's name is the same everywhere.
    const elsewhere = ['$schema', 'notify', 'downstreamTag'];
    const expected = Object.keys(properties).filter((key) => !elsewhere.includes(key));
    expect(Object.keys(everything).sort()).toEqual(expected.sort());
    for (const section of ['pricing', 'kill']) {
      expect(given(section)).toEqual(Object.keys(properties[section]?.properties ?? {}).sort());
    }
  });
});
