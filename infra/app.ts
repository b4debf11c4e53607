import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
import { propsFromContext } from './context.ts';
import { FirebreakStack } from './firebreak-stack.ts';

const app = new App();
new FirebreakStack(app, 'Firebreak', { firebreak: propsFromContext });
Validations.of(app).addPlugins(new AwsSolutionsChecks(app), new ServerlessChecks(app));
