#!/usr/bin/env node
import { nodeIo } from './node-io.ts';
import { run } from './program.ts';

// The SDK announces on stderr when it will drop this Node.js version; a person at 3 a.m. need not read that.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';
process.exitCode = await run(process.argv.slice(2), nodeIo());
