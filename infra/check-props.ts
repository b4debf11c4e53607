import { checkNumber, checkOneOf, checkText } from './check.ts';
import { checkHubBusArn } from './hub.ts';
import type { BudgetProps, FirebreakProps, KillSwitchProps } from './props.ts';

const KILL_MODES = ['observe', 'approve', 'auto'] as const;
const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;
/** Lambda function name without path or qualifier (Lambda API, CreateFunction). */
const FUNCTION_NAME = /^[A-Za-z0-9_-]{1,64}$/;

/** Fails the synthesis on the first prop that cannot work, so that a deployment never learns it the hard way. */
export function checkProps(props: FirebreakProps): void {
  checkNumber('Firebreak.pageUsd', props.pageUsd, { least: 0 });
  checkNumber('Firebreak.tickMemoryMB', props.tickMemoryMB, { least: 256, most: 10_240, whole: true });
  checkNumber('Firebreak.maximumShards', props.maximumShards, { least: 2, most: 100, whole: true });
  for (const [name, usd] of Object.entries(props.downstreamUsdPerInvocation ?? {})) {
    checkNumber(`Firebreak.downstreamUsdPerInvocation['${name}']`, usd, { least: 0 });
  }
  if (props.budget !== undefined) checkBudget(props.budget);
  checkNumber('Firebreak.monitorBudgetUsd', props.monitorBudgetUsd, { above: 0 });
  checkNumber('Firebreak.pricing.monthToDateGbSeconds', props.pricing?.monthToDateGbSeconds, { least: 0 });
  checkNumber('Firebreak.pricing.savingsPlanDiscount', props.pricing?.savingsPlanDiscount, {
    least: 0,
    most: 0.9,
  });
  for (const field of ['alertEmails', 'healthEmails'] as const) {
    props[field]?.forEach((address, index) => {
      checkText(`Firebreak.${field}[${index}]`, address, EMAIL, 'an e-mail address');
    });
  }
  checkHubBusArn(props.hubBusArn);
  if (props.killSwitch !== undefined) checkKillSwitch(props.killSwitch);
}

function checkBudget({ monthlyUsd, byTag = {}, byFunction = {} }: BudgetProps): void {
  checkNumber('Firebreak.budget.monthlyUsd', monthlyUsd, { above: 0 });
  for (const [key, values] of Object.entries(byTag)) {
    for (const [value, usd] of Object.entries(values)) {
      checkNumber(`Firebreak.budget.byTag['${key}']['${value}']`, usd, { above: 0 });
    }
  }
  for (const [name, usd] of Object.entries(byFunction)) {
    checkNumber(`Firebreak.budget.byFunction['${name}']`, usd, { above: 0 });
  }
}

function checkKillSwitch(kill: KillSwitchProps): void {
  const field = (name: string) => `Firebreak.killSwitch.${name}`;
  checkOneOf(field('mode'), kill.mode, KILL_MODES);
  checkText(
    field('optInTag'),
    kill.optInTag,
    /^(?!aws:)[\p{L}\p{N}\s_.:/=+\-@]{1,128}$/iu,
    'a tag key of 1 to 128 characters that does not start with aws:',
  );
  checkText(
    field('optInValue'),
    kill.optInValue,
    /^[\p{L}\p{N}\s_.:/=+\-@]{1,256}$/u,
    'a tag value of 1 to 256 characters',
  );
  kill.protect?.forEach((name, index) => {
    checkText(
      field(`protect[${index}]`),
      name,
      FUNCTION_NAME,
      'a function name of 1 to 64 letters, digits, - or _',
    );
  });
  checkNumber(field('maximumPerHour'), kill.maximumPerHour, { least: 1, whole: true });
  checkNumber(field('maximumFleetShare'), kill.maximumFleetShare, { above: 0, most: 1 });
  checkNumber(field('minimumWastedUsd'), kill.minimumWastedUsd, { least: 0 });
  checkNumber(field('maximumCanaries'), kill.maximumCanaries, { least: 1, whole: true });
  checkNumber(field('cooldownMinutes'), kill.cooldownMinutes, { least: 0 });
}
