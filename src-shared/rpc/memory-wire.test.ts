import { describeRpcOver } from '../../e2e/fixtures/rpc-conformance';
import { createMemoryWire } from './memory-wire';

describeRpcOver('memory', () => {
  const { close, ...ends } = createMemoryWire();
  return { ...ends, sever: close, dispose: close };
});
