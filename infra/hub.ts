import { ArnFormat, Stack, Token } from 'aws-cdk-lib';
import { EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { EventBus as BusTarget } from 'aws-cdk-lib/aws-events-targets';
import { AnyPrincipal, ArnPrincipal, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { InputError } from '../src/model/errors.ts';
import { checkText } from './check.ts';

/** Source of the events (`src/respond/alert/eventbridge-channel.ts`; a test holds them equal: that one needs the SDK). */
const EVENT_SOURCE = 'firebreak';

/** Settings of {@link FirebreakHub}: who may send to it. At least one of the two. */
export interface FirebreakHubProps {
  /**
   * Accounts whose monitors send to it, 12 digits each.
   * @default - none
   */
  readonly accounts?: readonly string[];
  /**
   * Organization whose accounts may all send to it, `o-...`.
   * @default - none
   */
  readonly organizationId?: string;
}

/**
 * A bus in one account for the transitions that the monitors of other accounts and regions publish. Give its ARN to each of
 * them as `hubBusArn`, and add rules to it for whoever is to be told.
 *
 * @example new FirebreakHub(stack, 'Hub', { accounts: ['111122223333'] });
 */
export class FirebreakHub extends Construct {
  /** Where the members put their events. */
  readonly eventBus: EventBus;

  constructor(scope: Construct, id: string, props: FirebreakHubProps) {
    super(scope, id);
    const { accounts = [], organizationId } = props;
    accounts.forEach((account, index) => {
      checkText(`FirebreakHub.accounts[${index}]`, account, /^\d{12}$/, 'an account id of 12 digits');
    });
    checkText('FirebreakHub.organizationId', organizationId, /^o-[a-z0-9]{10,32}$/, 'an organization id');
    if (accounts.length === 0 && organizationId === undefined) {
      throw new InputError('FirebreakHub needs accounts or organizationId: nobody could send to it');
    }
    this.eventBus = new EventBus(this, 'Bus', { description: 'firebreak: transitions of all monitors' });
    const resources = [this.eventBus.eventBusArn];
    const actions = ['events:PutEvents'];
    if (accounts.length > 0) {
      const principals = accounts.map((account) => new ArnPrincipal(this.rootOf(account)));
      this.eventBus.addToResourcePolicy(
        new PolicyStatement({ sid: 'Accounts', principals, actions, resources }),
      );
    }
    if (organizationId !== undefined) {
      this.eventBus.addToResourcePolicy(
        new PolicyStatement({
          sid: 'Organization',
          principals: [new AnyPrincipal()],
          actions,
          resources,
          conditions: { StringEquals: { 'aws:PrincipalOrgID': organizationId } },
        }),
      );
    }
  }

  private rootOf(account: string): string {
    return Stack.of(this).formatArn({
      service: 'iam',
      region: '',
      account,
      resource: 'root',
      arnFormat: ArnFormat.NO_RESOURCE_NAME,
    });
  }
}

/** Sends every transition of a monitor on to a hub, with a role that may do nothing else; what it does not take is kept. */
export function sendToHub(
  scope: Construct,
  {
    bus,
    hubBusArn,
    deadLetters,
  }: {
    readonly bus: EventBus;
    readonly hubBusArn: string;
    readonly deadLetters: IQueue;
  },
): void {
  const hub = EventBus.fromEventBusArn(scope, 'Hub', hubBusArn);
  new Rule(scope, 'ToHub', {
    description: 'firebreak: every transition to the hub',
    eventBus: bus,
    eventPattern: { source: [EVENT_SOURCE] },
    targets: [new BusTarget(hub, { deadLetterQueue: deadLetters })],
  });
}

export function checkHubBusArn(hubBusArn: string | undefined): void {
  if (Token.isUnresolved(hubBusArn)) return;
  checkText(
    'Firebreak.hubBusArn',
    hubBusArn,
    /^arn:[^:]+:events:[a-z0-9-]+:\d{12}:event-bus\/[\w./-]+$/,
    'the ARN of an event bus',
  );
}
